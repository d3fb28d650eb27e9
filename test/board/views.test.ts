import assert from 'node:assert/strict'
import { afterEach, before, test } from 'node:test'
import { closeBoards, type OpenBoard, openBoard } from '../support/board.ts'
import { openAway } from '../support/board-away.ts'
import { type Cli, createCli } from '../support/cli.ts'
import { startServe } from '../support/serve.ts'

let cli: Cli

before(async () => {
  cli = await createCli()
  await cli.add('Pay rent', '-p', 'critical', '-t', 'home', '--due', '2020-01-01')
  await cli.add('買い物 🛒 list', '-t', 'shop', '--project', 'house')
  await cli.add('evil \x1b[2J\x1b]0;title\x07 \u202e title', '--note', 'see https://example.org/page')
})
afterEach(closeBoards)

async function opened(words: string[] = [], options = {}): Promise<OpenBoard> {
  const board = openBoard(cli, ['board', ...words], options)
  await board.shows(/evil/)
  await board.press('gg', /1\/3/)
  return board
}

async function left(board: OpenBoard): Promise<void> {
  board.type('\x03')
  await board.exit
}

const click = (x: number, y: number) => `\x1b[<0;${x};${y}M\x1b[<0;${x};${y}m`

test('titles are shown whole and safe: wide ones in line, control characters escaped, nothing obeyed', async () => {
  const board = await opened()
  assert.match(board.text(), /買い物 🛒 list/)
  assert.match(board.text(), /evil \\x1b\[2J\\x1b\]0;title\\x07 \\u202e/)
  assert.doesNotMatch(board.output(), /\x1b\[2J|\x1b\]0;|\u202e/)
  await left(board)
})

test('board, list and groups are views of the same tasks, and the selection stays on its task', async () => {
  const board = await opened()
  await board.press('j', /▌ +買い物/)
  await board.press('b', /todo › list[\s\S]*▌.*買い物/)
  await board.press('b', /todo › grouped by status[\s\S]*▌.*買い物/)
  await board.press('b', /todo › board by status[\s\S]*▌.*買い物/)
  await board.press('gp', /critical 1 .*high 0.*medium 2/)
  await board.press('gd', /overdue 1.*today 0/)
  await board.press('gt', /\+home 1.*\+shop 1.*no tag 1/)
  await board.press('gj', /house 1.*no project 2/)
  await board.press('gs', /todo 3/)
  await left(board)
})

test('a task opens with its history, panes and links; back and forward go through what was open', async () => {
  const board = await opened()
  await board.press('jj\r', /see https:\/\/example\.org\/page/)
  await board.shows(/history[\s\S]*added/)
  assert.match(board.text(), /› #3/)
  await board.press('\t', /▸history/)
  await board.press('[', /todo 3/)
  await board.press(']', /› #3/)
  await board.press('?', /› help[\s\S]*Open again|› help[\s\S]*Done, or open again/)
  await board.press('/redo\r', /Redo/)
  await board.press('q', /▸history/)
  await board.press('gr', /› recurring[\s\S]*Nothing recurs/)
  await board.press('gl', /› log[\s\S]*No notification/)
  await left(board)
})

test('recurring tasks stand with their next dates, and are paused by a key', async () => {
  await cli.todo('recur', 'add', 'Water plants', '--every', 'day', '--start', '2099-01-01T09:00')
  const board = await opened()
  await board.press('gr', /↻ Water plants +every day/)
  await board.press('\r', /2099[\s\S]*2099/)
  await board.press('p', /‖ Water plants.*paused/)
  await left(board)
})

test('the palette finds commands, tags and tasks, shows their keys, and does what is chosen', async () => {
  const board = await opened()
  await board.press(':', /half down/)
  await board.press('by due', /by due: Columns by due date +gd/)
  await board.press('\r', /overdue 1/)
  await board.press('gs', /todo 3/)
  await board.press('\x10tag shop\r', /\/\+shop/)
  await board.shows(/todo 1/)
  await left(board)
  const again = openBoard(cli)
  await again.press('\x1b', /todo 3/)
  await left(again)
})

test('a filter that cannot be read says where, and the last good result stays', async () => {
  const board = await opened()
  await board.press('/+shop', /tagged shop[\s\S]*|todo 1/)
  await board.shows(/todo 1/)
  await board.press(' due:nonsense', /✗ at “due:nonsense”/)
  assert.match(board.text(), /todo 1/)
  await board.press('\x1b', /todo 3/)
  await left(board)
})

test('completion puts tags in, and a date is told as it is understood', async () => {
  const board = await opened()
  await board.press(':tag sh', /tag \+shop/)
  await board.press('\x1b', /a add/)
  await board.press('aCall +sh\t', /add Call \+shop/)
  await board.press(' due:tomorrow', /→ Call · .*\(tomorrow|in 1 day\)/)
  await board.press('\x1b', /a add/)
  await left(board)
})

test('pasted lines ask whether they are one task or many', async () => {
  const board = await opened()
  await board.press('\x1b[200~one\ntwo\nthree\x1b[201~', /3 lines pasted: y adds 3 tasks, 1 adds one, n none/)
  await board.press('n', /a add/)
  assert.equal((await cli.json<unknown[]>('list', '--json')).length, 3)
  await left(board)
})

test('the mouse selects, opens, scrolls and drags a card to another column; M turns it off', async () => {
  const board = await opened()
  await board.press(click(5, 5), /▌ +買い物/)
  await board.press('\x1b[<0;5;3M\x1b[<32;50;6M\x1b[<0;50;6m', /doing 1/)
  await board.shows(/✓ To doing: Pay rent/)
  await board.press('u', /doing 0/)
  await board.press(click(5, 7) + click(5, 7), /› #\d/)
  await board.press('q', /todo 3/)
  const from = board.output().length
  board.type('M')
  await board.shows(() => board.output().slice(from).includes('\x1b[?1000l'))
  await left(board)
  const without = await opened(['--no-mouse'])
  assert.doesNotMatch(without.output(), /\x1b\[\?100[02]h/)
  await left(without)
})

test('the title is copied through the terminal itself', async () => {
  const board = await opened()
  await board.press('y', /✓ Copied the title\. *$/m)
  const copied = /\x1b\]52;c;([^\x07]*)\x07/.exec(board.output())
  assert.equal(Buffer.from(copied![1]!, 'base64').toString(), 'Pay rent')
  await left(board)
})

test('without colours everything is still told: what is selected, late and urgent', async () => {
  const board = await opened([], { env: { NO_COLOR: '1' } })
  assert.match(board.text(), /▌ +Pay rent[\s\S]*▲▲crit !Wed 1 Jan 2020/)
  assert.doesNotMatch(board.output(), /\x1b\[(?:[0-9;]*;)?(?:3[0-8]|4[0-8]|9\d)m/)
  await left(board)
  const sixteen = await opened(['--theme', '16'])
  assert.doesNotMatch(sixteen.output(), /\x1b\[(?:[0-9;]*;)?[34]8;/)
  await left(sixteen)
})

test('for those who listen, the board is a few sentences', async () => {
  const board = openBoard(cli, ['board'], { env: { TODO_ACCESSIBLE: '1' } })
  await board.shows(/Column todo, \d of 3\./)
  await board.press('gg', /Task 1: Pay rent\. Critical priority\. Overdue since Wed 1 Jan 2020/)
  await board.press('j', /Task 2: 買い物/)
  assert.equal(board.isAlternate(), false)
  await left(board)
})

test('a count before a key repeats it, a number alone jumps to its column', async () => {
  const board = await opened()
  await board.press('2j', /▌ +evil/)
  await board.press('2', /▸doing/)
  await board.press('1', /▸todo/)
  await left(board)
})

test('while the server is away changes wait and are told so; when it is back they are saved', async () => {
  const { board, home, server } = await openAway(cli)
  assert.match(board.text(), /doing 1/)
  const again = await startServe(home, { words: ['--port', new URL(server.url).port] })
  await board.shows(/● live/)
  await board.shows(/✓ Started: Far away/)
  await left(board)
  await again.stop()
})
