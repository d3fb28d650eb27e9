import assert from 'node:assert/strict'
import { type OpenBoard, openBoard } from './board.ts'
import { type Cli, createCli } from './cli.ts'
import { type Served, startServe } from './serve.ts'

/** A board on a server that has gone while one change was on its way: “Far away” was started. */
export async function openAway(cli: Cli): Promise<{ board: OpenBoard; home: Cli; server: Served }> {
  const home = await createCli()
  const server = await startServe(home)
  const body = JSON.stringify({ email: 'ann@example.org', password: 'a long enough sentence' })
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`${server.url}/api/auth/register`, { method: 'POST', headers, body })
  const { access_token: token } = (await answer.json()) as { access_token: string }
  const env = { TODO_API_URL: server.url, TODO_TOKEN: token, TODO_HOME: `${cli.folder}-away` }
  assert.equal((await cli.run({ env }, 'add', 'Far away')).code, 0)
  const board = openBoard(cli, ['board'], { env })
  await board.shows(/▌ +Far away/)
  await server.stop()
  await board.shows(/⚠ offline/)
  await board.press('s', /…1 pending/)
  return { board, home, server }
}
