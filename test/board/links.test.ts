import assert from 'node:assert/strict'
import { afterEach, before, test } from 'node:test'
import { closeBoards, type OpenBoard, openBoard } from '../support/board.ts'
import { type Cli, createCli } from '../support/cli.ts'

let cli: Cli
const long = `https://example.org/${'a-long-path/'.repeat(10)}end`

before(async () => {
  cli = await createCli()
  await cli.add(
    'Read it',
    '--note',
    `See https://example.org/page. Then\n${long} and no \x1b]8;;http://evil.example\x07link`,
  )
})
afterEach(closeBoards)

/** Every link that was written, with the text that it stands under. */
const linksOf = (board: OpenBoard): string[][] =>
  [...board.output().matchAll(/\x1b\]8;(?:id=\d+)?;([^\x07]+)\x07(.*?)\x1b\]8;;\x07/gs)].map(
    ([, url, text]) => [url!, text!.replace(/\x1b\[[0-9;]*m/g, '')],
  )

async function opened(words: string[], env: Record<string, string>): Promise<OpenBoard> {
  const board = openBoard(cli, ['board', ...words], { env })
  await board.shows(/Read it/)
  await board.press('\r', /See https:\/\/example\.org\/page\. Then[\s\S]*end and no/)
  return board
}

async function left(board: OpenBoard): Promise<void> {
  board.type('\x03')
  await board.exit
}

test('addresses in a note are links where the terminal knows them, also one that takes several rows', async () => {
  const board = await opened([], { FORCE_HYPERLINK: '1' })
  const links = linksOf(board)
  assert.deepEqual(links[0], ['https://example.org/page', 'https://example.org/page'])
  const pieces = links.filter(([url]) => url === long).map(([, text]) => text)
  assert.ok(pieces.length > 1)
  assert.equal(pieces.join(''), long)
  // What is written in a note cannot make a link that says another address than it goes to.
  for (const [url, text] of links) assert.ok(url!.includes(text!), `${text} goes to ${url}`)
  assert.match(board.text(), /\\x1b\]8;;http:\/\/evil\.example\\x07link/)
  await left(board)
})

test('elsewhere, and where a flag or the settings say so, they are plain text', async () => {
  const unknown = await opened([], {})
  assert.doesNotMatch(unknown.output(), /\x1b\]8;/)
  await left(unknown)
  const flag = await opened(['--no-links'], { FORCE_HYPERLINK: '1' })
  assert.doesNotMatch(flag.output(), /\x1b\]8;/)
  await left(flag)
  await cli.todo('config', 'set', 'board.links', 'off')
  const off = await opened([], { FORCE_HYPERLINK: '1' })
  assert.doesNotMatch(off.output(), /\x1b\]8;/)
  await left(off)
  await cli.todo('config', 'set', 'board.links', 'on')
  const on = await opened([], {})
  assert.match(on.output(), /\x1b\]8;/)
  await left(on)
})
