import assert from 'node:assert/strict'
import { afterEach, before, test } from 'node:test'
import { closeBoards, type OpenBoard, openBoard } from '../support/board.ts'
import { type Cli, createCli } from '../support/cli.ts'

let cli: Cli

before(async () => {
  cli = await createCli()
  for (const title of ['Pay rent', 'Write report', 'Call mum']) await cli.add(title)
})
afterEach(closeBoards)

async function opened(): Promise<OpenBoard> {
  const board = openBoard(cli)
  await board.shows(/Call mum/)
  await board.press('gg', /▌ +Pay rent/)
  return board
}

async function left(board: OpenBoard): Promise<void> {
  board.type('q')
  assert.equal((await board.exit).exitCode, 0)
}

test('a dot does the last change again on the task where one is now', async () => {
  const board = await opened()
  await board.press('p', /✓ Priority: Pay rent/)
  await board.press('j', /▌ +Write report/)
  await board.press('.', /✓ Priority: Write report/)
  await board.shows(/#1 ▲high[\s\S]*#2 ▲high/)
  await board.press('t+home\r', /✓ Tagged home: Write report/)
  await board.press('j', /▌ +Call mum/)
  await board.press('.', /✓ Tagged home: Call mum/)
  const [one, two, three] = await cli.json<{ tags: unknown[]; priority_id: number }[]>('list', '--json')
  assert.deepEqual([one!.priority_id, two!.priority_id, three!.priority_id], [3, 3, 2])
  assert.deepEqual([one!.tags.length, two!.tags.length, three!.tags.length], [0, 1, 1])
  await board.press('uuuu', /Undone/)
  await left(board)
})

test('in the filter, ↑ brings earlier ones, also those of the board before, and ↓ goes back', async () => {
  const board = await opened()
  await board.press('/rent\r', /todo › board by status {2}\/rent/)
  await board.press('/\x15report\r', /\/report[\s\S]*▸todo 1/)
  await board.press('/\x15', /todo 3/)
  await board.press('\x1b[A', /\/ report/)
  await board.shows(/▸todo 1[\s\S]*Write report/)
  await board.press('\x1b[A', /▸todo 1[\s\S]*Pay rent/)
  await board.press('\x1b[B', /▸todo 1[\s\S]*Write report/)
  await board.press('\x1b', /▸todo 3/)
  await left(board)
  const again = await opened()
  await again.press('/\x1b[A', /▸todo 1[\s\S]*Write report/)
  await again.press('\x1b', /▸todo 3/)
  await left(again)
})

test('an exclamation mark shows the whole text of what is told, and Escape goes back', async () => {
  const board = await opened()
  await board.press('!', /There is nothing to tell/)
  const long = 'a-column-that-is-not-there-'.repeat(6)
  await board.press(`m${long}\r`, /✗ There is no column “a-column/)
  assert.ok(!board.text().replaceAll(/\s/g, '').includes(`${long}”`), 'the line has no room for it')
  await board.press('!', /› problem/)
  assert.ok(board.text().replaceAll(/\s/g, '').includes(`${long}”`))
  await board.press('q', /Pay rent/)
  await board.press('\x1b', /^(?!.*✗)/s)
  await left(board)
})

test('an error stays while one works on, and only Escape takes it away', async () => {
  const board = await opened()
  await board.press('mnowhere\r', /✗ There is no column/)
  await board.press('jj', /3\/3/)
  assert.match(board.text(), /✗ There is no column/)
  await board.press('\x1b', /^(?!.*✗)/s)
  await left(board)
})

test('while nothing changes nothing is drawn', async () => {
  const board = await opened()
  await board.shows(/● live/)
  // Whatever the start still brings has come when a change made elsewhere is seen, and is quiet again.
  await cli.todo('edit', '3', '--project', 'family')
  await board.shows(/family/)
  const before = board.cellAt('Write report').background
  // A frame ends with the end of its synchronised update, which may come in a piece of its own.
  await board.shows(
    () => board.cellAt('Call mum').background === before && board.output().endsWith('\x1b[?2026l'),
  )
  const { length } = board.output()
  for (let n = 0; n < 3; n += 1) await cli.todo('list')
  assert.equal(board.output().slice(length), '')
  await left(board)
})
