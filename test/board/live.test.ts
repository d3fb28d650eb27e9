import assert from 'node:assert/strict'
import { afterEach, before, test } from 'node:test'
import { closeBoards, openBoard } from '../support/board.ts'
import { type Cli, createCli } from '../support/cli.ts'

let cli: Cli

before(async () => {
  cli = await createCli()
  await cli.add('Pay rent', '-p', 'high', '-t', 'home')
  await cli.add('Write report')
  await cli.add('Call mum')
})
afterEach(closeBoards)

test('a change made elsewhere flashes once, and neither the selection nor the scroll moves', async () => {
  const board = openBoard(cli)
  await board.shows(/Call mum/)
  await board.press('ggj', /▌ +Write report/)
  await board.shows(/● live/)
  const before = board.cellAt('Pay rent').background
  await cli.todo('edit', '1', 'Pay the rent')
  await board.shows(/Pay the rent/)
  await board.shows(() => board.cellAt('Pay the rent').background !== before)
  await board.shows(() => board.cellAt('Pay the rent').background === before)
  assert.match(board.text(), /▌ +Write report/)
  assert.doesNotMatch(board.output().slice(-4000), /\x1b\[2J/)
  board.type('q')
  await board.exit
})

test('an edit that somebody else overtook shows theirs beside mine, and loses nothing of either', async () => {
  const board = openBoard(cli)
  await board.shows(/Call mum/)
  await board.press('ggj', /▌ +Write report/)
  await board.press('e', /▌ title +Write report/)
  await board.press('\x15My report', /▌ title +My report/)
  await cli.todo('edit', '2', 'Their report', '--project', 'theirs')
  await board.press('\x13', /Somebody else changed/)
  await board.shows(/My report[\s\S]*theirs: Their report[\s\S]*project +theirs/)
  await board.press('\x13', /✓ Saved: My report/)
  const task = await cli.json('show', '2', '--json')
  assert.deepEqual([task.title, task.project], ['My report', 'theirs'])
  board.type('q')
  await board.exit
})

test('a form tells what is wrong beside each field and keeps what was typed', async () => {
  const board = openBoard(cli)
  await board.shows(/Call mum/)
  await board.press('gg', /▌ +Pay/)
  await board.press('e', /▌ title/)
  await board.press('\t\t\x15urgent\t\x15someday', /▌ due +someday/)
  await board.press('\x13', /✗ is not low, medium, high or critical/)
  assert.match(board.text(), /priority +urgent[\s\S]*due +someday[\s\S]*✗/)
  await board.press('\x1b', /▸todo 3/)
  board.type('q')
  await board.exit
})

test('marks survive a filter; a change of many asks with the count, is one undo, and Escape takes marks off', async () => {
  const many = (await cli.run({ input: 'm1\nm2\nm3\nm4\nm5\n' }, 'add', '-', '-q')).stdout.trim().split('\n')
  const board = openBoard(cli)
  await board.shows(/todo 8/)
  await board.press('/m1 or m2 or m3 or m4\r', /▸todo 4[\s\S]*m1[\s\S]*m4/)
  await board.press('V', /●4 marked/)
  await board.press('\x1b', /^(?!.*marked)/)
  await board.press('V', /●4 marked/)
  await board.press('/\x15\r', /todo 8/)
  assert.match(board.text(), /●4 marked/)
  await board.press('d', /Done: 4 tasks\? \[y\/n\]/)
  await board.press('n', /●4 marked/)
  await board.press('d', /\[y\/n\]/)
  await board.press('y', /✓ Done: 4 tasks/)
  await board.shows(/todo 4 .*done 4/)
  await board.press('u', /Undone: 4 changes/)
  await board.shows(/todo 8 .*done 0/)
  assert.equal((await cli.todo('rm', '--yes', ...many)).code, 0)
  await board.shows(/todo 3/)
  board.type('q')
  await board.exit
})

test('delete is undone, redo brings it again, and undo works after others changed other fields', async () => {
  const board = openBoard(cli)
  await board.shows(/Call mum/)
  await board.press('gg', /▌ +Pay/)
  await board.press('x', /✓ Deleted: Pay/)
  await board.shows(/todo 2/)
  await board.press('u', /todo 3/)
  await board.shows(/▌ +Pay/)
  await board.press('p', /✓ Priority: Pay/)
  await board.shows(/▲▲crit/)
  await cli.todo('edit', '1', '--project', 'house')
  await board.shows(/house/)
  await board.press('u', /^(?!.*house)/)
  await board.press('u', /#1 ▲high /)
  await board.press('U', /▲▲crit/)
  board.type('q')
  await board.exit
})

test('two boards of one user show what the other does', async () => {
  const home = await createCli()
  for (const title of ['one', 'two', 'three', 'four', 'five']) await home.add(title)
  const [left, right] = [openBoard(home), openBoard(home)]
  await Promise.all([left.shows(/five[\s\S]*/), right.shows(/five/)])
  await Promise.all([left.shows(/● live/), right.shows(/● live/)])
  await left.press('ggV', /●5 marked/)
  await left.press('d', /\[y\/n\]/)
  await left.press('y', /done 5/)
  await right.shows(/done 5/)
  await right.press('u', /Undone: 5 changes/)
  await left.shows(/todo 5/)
  await right.press('gg', /▌ +one/)
  await right.press('x', /todo 4/)
  await left.shows(/todo 4 /)
  left.type('q')
  right.type('q')
  assert.deepEqual([(await left.exit).exitCode, (await right.exit).exitCode], [0, 0])
})
