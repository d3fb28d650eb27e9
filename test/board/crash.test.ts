import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { after, afterEach, before, test } from 'node:test'
import { closeBoards, openBoard } from '../support/board.ts'
import { type Cli, createCli } from '../support/cli.ts'

let cli: Cli

before(async () => {
  cli = await createCli()
  await cli.add('Pay rent')
})
afterEach(closeBoards)

/** What runs inside of the board's process before it does. */
function preload(code: string): Record<string, string> {
  const file = join(cli.folder, 'preload.cjs')
  // Processes that it starts have the environment too; only on a terminal it is the board.
  writeFileSync(file, `if (process.stdout.isTTY) { ${code} }`)
  return { NODE_OPTIONS: `--require ${file}` }
}

const log = () => readFileSync(join(cli.folder, 'state/board.log'), 'utf8')

test('what nobody foresaw gives the terminal back, says so in a line and where the log is', async () => {
  const env = preload(`process.on('SIGUSR2', () => setTimeout(() => { throw new Error('no such luck') }))`)
  const board = openBoard(cli, ['board'], { env })
  await board.shows(/Pay rent/)
  board.child.kill('SIGUSR2')
  assert.equal((await board.exit).exitCode, 1)
  assert.equal(board.isAlternate(), false)
  assert.match(board.text(), /no such luck[\s\S]*board\.log/)
  assert.doesNotMatch(board.text(), /Pay rent| at /)
  assert.match(log(), /Error: no such luck\n +at /)
  assert.ok(board.output().lastIndexOf('\x1b[?25h') > board.output().lastIndexOf('\x1b[?25l'))
  assert.ok(board.output().lastIndexOf('\x1b[?1000l') > board.output().lastIndexOf('\x1b[?1000h'))
})

test('what cannot be drawn ends the board in the same way', async () => {
  const server = createServer((request, response) => {
    const isTasks = request.url!.startsWith('/api/me/tasks')
    response.setHeader('content-type', 'application/json')
    response.end(
      JSON.stringify({ items: isTasks ? [{ id: 1, title: null, tags: [] }] : [], counts: [1, 0, 0] }),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  after(() => server.close())
  const { port } = server.address() as { port: number }
  const env = { TODO_API_URL: `http://127.0.0.1:${port}`, TODO_TOKEN: 'any' }
  const board = openBoard(cli, ['board'], { env })
  assert.equal((await board.exit).exitCode, 1)
  assert.equal(board.isAlternate(), false)
  assert.match(board.text(), /board\.log/)
  server.closeAllConnections()
})

test('nothing is written over the board: warnings and words on stderr go to the log', async () => {
  const env = preload(`process.on('SIGUSR2', () => {
    console.error('words on stderr')
    process.emitWarning('a warning of Node')
  })`)
  const board = openBoard(cli, ['board'], { env })
  await board.shows(/Pay rent/)
  board.child.kill('SIGUSR2')
  await board.press('d', /done 1/)
  await board.press('u', /Undone/)
  board.type('q')
  assert.equal((await board.exit).exitCode, 0)
  assert.doesNotMatch(board.output(), /words on stderr|a warning of Node/)
  assert.match(log(), /words on stderr[\s\S]*a warning of Node/)
})

test('errors that were told are in the log too', async () => {
  const board = openBoard(cli)
  await board.press('m', /move to/)
  await board.press('nowhere\r', /✗ There is no column/)
  board.type('q')
  await board.exit
  assert.match(log(), /There is no column “nowhere”/)
})
