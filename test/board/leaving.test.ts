import assert from 'node:assert/strict'
import { afterEach, before, test } from 'node:test'
import { closeBoards, openBoard } from '../support/board.ts'
import { openAway } from '../support/board-away.ts'
import { type Cli, createCli } from '../support/cli.ts'

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
  const { board } = await openAway(cli)
  await board.press('q', /1 change is not saved\. Leave without it\? \[y\/n\]/)
  await board.press('n', /q quit/)
  await board.press('q', /\[y\/n\]/)
  board.type('y')
  assert.equal((await board.exit).exitCode, 0)
})
