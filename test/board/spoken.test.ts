import assert from 'node:assert/strict'
import { afterEach, before, test } from 'node:test'
import { closeBoards, openBoard } from '../support/board.ts'
import { type Cli, createCli } from '../support/cli.ts'

let cli: Cli

before(async () => {
  cli = await createCli()
  await cli.add('Pay rent', '-p', 'high')
  await cli.todo('recur', 'add', 'Water plants', '--every', 'day', '--start', '2099-01-01T09:00')
  await cli.todo('context', 'add', 'work', 'http://127.0.0.1:9')
})
afterEach(closeBoards)

test('for those who listen, every screen says what is chosen, in sentences', async () => {
  const board = openBoard(cli, ['board'], { env: { TODO_ACCESSIBLE: '1' } })
  await board.shows(/Task 1: Pay rent/)
  await board.press('e', /Field title, 1 of 8: Pay rent/)
  await board.press(
    '\t\t\x15urgent\x13',
    /Field priority, 3 of 8: urgent[\s\S]*Wrong: is not low, medium, high/,
  )
  await board.press('\x1b', /Task 1: Pay rent/)
  await board.press('gr', /Recurring tasks, 1 of 1\. Water plants, every day/)
  await board.press('q', /Task 1: Pay rent/)
  await board.press('gl', /Notifications: none yet\./)
  await board.press('q', /Task 1: Pay rent/)
  await board.press('gc', /Contexts, 1 of 2\. local, this machine\. You are here\./)
  await board.press('j', /Contexts, 2 of 2\. work, http:\S+, not signed in\./)
  await board.press('q', /Task 1: Pay rent/)
  await board.press('?', /Help\.[\s\S]*j, ↓: Down/)
  await board.press('q', /Task 1: Pay rent/)
  await board.press(':by due', /1 of \d+: by due: Columns by due date, gd/)
  board.type('\x1b')
  await board.hides(/palette:/)
  assert.equal(board.isAlternate(), false)
  board.type('q')
  assert.deepEqual(await board.exit, { exitCode: 0, signal: 0 })
})
