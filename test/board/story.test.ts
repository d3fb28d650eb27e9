import assert from 'node:assert/strict'
import { afterEach, before, test } from 'node:test'
import { closeBoards, openBoard } from '../support/board.ts'
import { type Cli, createCli } from '../support/cli.ts'

let cli: Cli

before(async () => {
  cli = await createCli()
  await cli.add('Pay rent', '-p', 'high', '-t', 'home', '--due', '2020-01-01')
  await cli.add('Write report')
  await cli.add('Call mum')
})
afterEach(closeBoards)

test('the board shows the tasks of the service in three columns with their counts', async () => {
  const board = openBoard(cli)
  await board.shows(/todo 3.*doing 0.*done 0/)
  await board.shows(/Pay rent[\s\S]*Write report[\s\S]*Call mum/)
  board.type('q')
  assert.equal((await board.exit).exitCode, 0)
})

test('a task is added, started, moved and done by keys, and the service has it so', async () => {
  const board = openBoard(cli)
  await board.shows(/Call mum/)
  await board.press('aWater plants +home due:tomorrow', /→ Water plants .*\+home/)
  await board.press('\r', /✓ Added: Water plants/)
  await board.press('/plants', /todo 1 /)
  await board.press('\r', /Water plants/)
  await board.press('s', /doing 1/)
  await board.press('l', /▌ ▸ Water plants/)
  await board.press('L', /done 1/)
  await board.shows(/✓ To done: Water plants/)
  const [task] = await cli.json<{ title: string; status: string }[]>(
    'list',
    '--all',
    '+home',
    'plants',
    '--json',
  )
  assert.deepEqual([task!.title, task!.status], ['Water plants', 'done'])
  await board.press('u', /Undone: done “Water plants”/)
  await board.press('u', /Undone: changed “Water plants”/)
  await board.shows(/todo 1 .*doing 0.*done 0/)
  await board.press('\x1b', /todo 1 /)
  await board.press('\x1b', /todo 4 /)
  board.type('q')
  assert.equal((await board.exit).exitCode, 0)
})

test('what is done elsewhere shows by itself, and the selection stays on its task', async () => {
  const board = openBoard(cli, ['board', 'status:todo or status:doing or status:done'])
  await board.shows(/Write report/)
  await board.press('gg', /▌ +Pay rent/)
  await board.press('j', /▌ +Write report/)
  await cli.todo('done', '1')
  await board.shows(/done 1/)
  await board.shows(/▌ +Write report/)
  await cli.todo('reopen', '1')
  await board.shows(/done 0/)
  board.type('\x03')
  assert.equal((await board.exit).exitCode, 130)
})

test('the first board of a new user says that it connects, and then how to begin', async () => {
  const home = await createCli()
  const board = openBoard(home)
  await board.shows(/… connecting|● live/)
  await board.shows(/● live/)
  await board.shows(/nothing here: a adds a task/)
  await board.press('aPay rent\r', /▌ +Pay rent/)
  assert.doesNotMatch(board.text(), /a adds a task/)
  await board.press('/xyz', /nothing matches: Esc shows all/)
  await board.press('\x1b', /▌ +Pay rent/)
  board.type('q')
  assert.equal((await board.exit).exitCode, 0)
})
