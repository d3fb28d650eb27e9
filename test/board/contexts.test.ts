import assert from 'node:assert/strict'
import { afterEach, before, test } from 'node:test'
import { closeBoards, openBoard } from '../support/board.ts'
import { type Cli, createCli } from '../support/cli.ts'
import { startServe } from '../support/serve.ts'

let cli: Cli

before(async () => {
  const host = await createCli()
  const server = await startServe(host)
  cli = await createCli()
  const input = 'a long enough sentence\n'
  const words = ['login', server.url, 'ann@example.org', '--password-stdin', '--register']
  const login = await cli.run({ input }, ...words, '--context', 'work')
  assert.equal(login.code, 0, login.stderr)
  await cli.add('Write minutes')
  assert.equal((await cli.todo('context', 'use', 'local')).code, 0)
  await cli.add('Water plants')
  await cli.todo('context', 'add', 'old', 'http://127.0.0.1:9')
})
afterEach(closeBoards)

test('a key lists the contexts, Enter goes over, and what is done there is done there', async () => {
  const board = openBoard(cli)
  await board.shows(/^ todo › board[\s\S]*Water plants/)
  await board.press('gc', /› contexts[\s\S]*▌ ● local +this machine[\s\S]*work +http:\S+ +ann@example\.org/)
  await board.press('j', /▌ {3}work/)
  await board.press('\r', /^ todo @work › board[\s\S]*Write minutes/)
  assert.doesNotMatch(board.text(), /Water plants/)
  assert.ok(board.isAlternate())
  await board.press('ggd', /done 1/)
  await board.press('gc', /▌ ● work/)
  await board.press('k\r', /^ todo › board[\s\S]*Water plants/)
  board.type('q')
  assert.equal((await board.exit).exitCode, 0)
  assert.equal(board.isAlternate(), false)
  const there = await cli.json<{ title: string; status: string }[]>(
    'list',
    '--all',
    '--json',
    '--context',
    'work',
  )
  assert.deepEqual(
    there.map(({ title, status }) => [title, status]),
    [['Write minutes', 'done']],
  )
  assert.match((await cli.todo('context', 'list')).stdout, /^\*\tlocal/m)
})

test('a context that cannot be reached says so, and the way back is the same key', async () => {
  const board = openBoard(cli)
  await board.shows(/Water plants/)
  await board.press('gc', /› contexts/)
  await board.press('G\r', /^ todo @old › board/)
  await board.shows(/⚠ offline|✗/)
  await board.press('gc', /▌ ● old/)
  await board.press('gg\r', /^ todo › board[\s\S]*Water plants/)
  board.type('q')
  assert.equal((await board.exit).exitCode, 0)
})

test('the palette goes to a context by its name', async () => {
  const board = openBoard(cli)
  await board.shows(/Water plants/)
  await board.press(':context work', /context work/)
  await board.press('\r', /^ todo @work › board/)
  board.type('\x03')
  assert.equal((await board.exit).exitCode, 130)
})
