import assert from 'node:assert/strict'
import { afterEach, before, test } from 'node:test'
import { closeBoards, openBoard } from '../support/board.ts'
import { type Cli, createCli } from '../support/cli.ts'
import { startServe } from '../support/serve.ts'

let cli: Cli

before(async () => {
  cli = await createCli()
  for (const title of ['Pay rent', 'Write report', 'Call mum']) await cli.add(title)
})
afterEach(closeBoards)

test('changes that were not sent yet are saved though q follows at once', async () => {
  const board = openBoard(cli)
  await board.shows(/Call mum/)
  board.type('ggsssq')
  assert.equal((await board.exit).exitCode, 0)
  const tasks = await cli.json<{ status: string }[]>('list', '--json')
  assert.deepEqual(
    tasks.map(({ status }) => status),
    ['doing', 'doing', 'doing'],
  )
})

test('undo that follows at once takes back the last of the changes on their way', async () => {
  const board = openBoard(cli)
  await board.shows(/doing 3/)
  await board.press('gg', /1\/3/)
  board.type('dddu')
  await board.shows(/Undone: done “Call mum”/)
  await board.shows(/doing 1 .*done 2/)
  board.type('q')
  await board.exit
})

test('whoever leaves while changes wait is asked, and stays with n', async () => {
  const home = await createCli()
  const server = await startServe(home)
  const body = JSON.stringify({ email: 'ann@example.org', password: 'a long enough sentence' })
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`${server.url}/api/auth/register`, { method: 'POST', headers, body })
  const { access_token: token } = (await answer.json()) as { access_token: string }
  const env = { TODO_API_URL: server.url, TODO_TOKEN: token, TODO_HOME: `${cli.folder}-left` }
  assert.equal((await cli.run({ env }, 'add', 'Far away')).code, 0)
  const board = openBoard(cli, ['board'], { env })
  await board.shows(/▌ +Far away/)
  await server.stop()
  await board.shows(/⚠ offline/)
  await board.press('s', /…1 pending/)
  await board.press('q', /1 change is not saved\. Leave without it\? \[y\/n\]/)
  await board.press('n', /q quit/)
  await board.press('q', /\[y\/n\]/)
  board.type('y')
  assert.equal((await board.exit).exitCode, 0)
})
