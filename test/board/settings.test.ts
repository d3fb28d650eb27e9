import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { afterEach, before, test } from 'node:test'
import { closeBoards, openBoard } from '../support/board.ts'
import { type Cli, createCli } from '../support/cli.ts'

let cli: Cli

before(async () => {
  cli = await createCli()
  for (const title of ['Pay rent', 'Write report', 'Call mum']) await cli.add(title)
})
afterEach(closeBoards)

async function set(name: string, value: string): Promise<void> {
  const { code, stderr } = await cli.todo('config', 'set', name, value)
  assert.equal(code, 0, stderr)
}

test('limits of columns stand in their heads, and one that is passed is marked by more than colour', async () => {
  await set('board.limits', 'todo=3 doing=1')
  assert.equal((await cli.todo('config', 'get', 'board.limits')).stdout, 'todo=3 doing=1\n')
  const board = openBoard(cli)
  await board.shows(/▸todo 3\/3 .*doing 0\/1 .*done 0/)
  await board.press('ggs', /▸todo 2\/3 .*doing 1\/1\s/)
  await board.press('L', /doing 2\/1!/)
  await board.shows(/· doing has 2 of at most 1\.|✓ To doing/)
  await board.press('uu', /▸?todo 3\/3 .*doing 0\/1\s/)
  board.type('q')
  await board.exit
  await set('board.limits', 'none')
  assert.equal((await cli.todo('config', 'get', 'board.limits')).stdout, 'none\n')
})

test('view and columns are what the settings say, and last time again without them', async () => {
  await set('board.view', 'grouped')
  await set('board.columns', 'priority')
  const board = openBoard(cli)
  await board.shows(/todo › grouped by priority/)
  await board.press('gs', /todo › grouped by status/)
  board.type('q')
  await board.exit
  const again = openBoard(cli)
  await again.shows(/todo › grouped by priority/)
  again.type('q')
  await again.exit
  const said = openBoard(cli, ['board', '--by', 'due'])
  await said.shows(/todo › board by due/)
  said.type('q')
  await said.exit
  await set('board.view', 'last')
  await set('board.columns', 'last')
  const last = openBoard(cli)
  await last.shows(/todo › board by due/)
  await last.press('gs', /board by status/)
  last.type('q')
  await last.exit
})

test('the mouse is left to the terminal, and colours are the ones that are set', async () => {
  await set('board.mouse', 'false')
  await set('board.theme', '16')
  const board = openBoard(cli)
  await board.shows(/Call mum/)
  assert.doesNotMatch(board.output(), /\x1b\[\?100[02]h/)
  assert.doesNotMatch(board.output(), /\x1b\[(?:[0-9;]*;)?[34]8;/)
  board.type('q')
  await board.exit
  await set('board.mouse', 'true')
  await set('board.theme', 'auto')
})

test('a setting that cannot be is refused with what can', async () => {
  for (const [name, value, wanted] of [
    ['board.theme', 'pink', /dark, light, 16, none/],
    ['board.view', 'circle', /board, list, grouped/],
    ['board.columns', 'colour', /status, priority, tag, project, due/],
    ['board.limits', 'doing', /doing=3/],
    ['board.limits', 'doing=-1', /doing=3/],
    ['board.mouse', 'maybe', /true, false/],
  ] as const) {
    const { code, stderr } = await cli.todo('config', 'set', name, value)
    assert.equal(code, 2, name)
    assert.match(stderr, wanted)
  }
  assert.match((await cli.todo('config', 'list')).stdout, /^board\.limits\tnone\t/m)
})

test('keys of the settings work, and what cannot be a key is told when the board opens', async () => {
  const file = (await cli.todo('config', 'path')).stdout.trim()
  const before = readFileSync(file, 'utf8')
  const keys = { done: ['X'], 'no-such': ['z'], delete: 'x' }
  writeFileSync(file, JSON.stringify({ ...JSON.parse(before), board: { keys } }))
  const board = openBoard(cli)
  await board.shows(/✗ board\.keys: there is no “no-such”/)
  await board.press('!', /there is no “no-such”[\s\S]*“delete” needs a list of keys/)
  await board.press('q', /Call mum/)
  await board.press('\x1b', /^(?!.*✗)/s)
  await board.press('ggX', /done 1/)
  await board.press('u', /done 0/)
  board.type('q')
  await board.exit
  writeFileSync(file, before)
})
