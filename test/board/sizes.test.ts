import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import { closeBoards, openBoard } from '../support/board.ts'
import { createCli } from '../support/cli.ts'

afterEach(closeBoards)

test('help and the way out stand below at every width', async () => {
  const cli = await createCli()
  await cli.add('Pay rent')
  const board = openBoard(cli)
  await board.shows(/Pay rent/)
  for (const cols of [80, 40, 20]) {
    board.resize(cols, 12)
    await board.shows((text) => / \? help {2}q quit *$/.test(text.split('\n')[11] ?? ''))
  }
  board.type('q')
  await board.exit
})

test('where the terminal sees a title wider than the board does, only its own row is spoilt', async () => {
  const cli = await createCli()
  await cli.add('👨‍👩‍👧‍👦👨‍👩‍👧‍👦 a family of the many that go on a trip')
  await cli.add('Pay rent')
  const board = openBoard(cli, ['board'], { cols: 40, rows: 12 })
  await board.shows(/Pay rent/)
  await board.press('ggj', /▌ +Pay rent/)
  await board.shows((text) => {
    const rows = text.split('\n')
    const heads = /^ todo › /.test(rows[0]!) && /▸todo 2/.test(rows[1]!)
    return heads && /👨/u.test(rows[2]!) && /▌ +Pay rent/.test(rows[3]!) && /q quit/.test(rows[11]!)
  })
  board.type('q')
  await board.exit
  assert.ok(board.output().lastIndexOf('\x1b[?7h') > board.output().lastIndexOf('\x1b[?7l'))
})

test('what comes into sight when the terminal grows is read and filled', async () => {
  const cli = await createCli()
  for (const title of ['one', 'two', 'three', 'four', 'five']) await cli.add(title)
  await cli.add('begun')
  await cli.todo('start', '6')
  const board = openBoard(cli, ['board'], { cols: 20, rows: 5 })
  await board.press('G', /▌ +five/)
  // Meanwhile the board has read again what it reads when the stream begins.
  for (let n = 0; n < 4; n += 1) await cli.todo('list')
  board.resize(120, 30)
  await board.shows(/one[\s\S]*▌ +five/)
  await board.shows(/▸ begun/)
  await board.shows(/done 0[\s\S]*nothing here/)
  board.type('q')
  await board.exit
})

test('the field that is being typed in is in sight at every height', async () => {
  const cli = await createCli()
  await cli.add('Pay rent')
  const board = openBoard(cli, ['board'], { cols: 40, rows: 6 })
  await board.press('e', /▌ title +Pay rent/)
  for (const field of ['status', 'priority', 'due', 'tags', 'project', 'remind', 'note']) {
    await board.press('\t', new RegExp(`▌ ${field}`))
  }
  await board.press('\t', /▌ title/)
  board.type('\x03')
  await board.exit
})

test('after a storm of sizes the screen is the one that drawing anew gives', async () => {
  const cli = await createCli()
  for (const title of ['one', '買い物 🛒', 'three', 'four']) await cli.add(title)
  const board = openBoard(cli)
  await board.shows(/four/)
  await board.shows(/● live/)
  for (let n = 0; n < 60; n += 1) {
    board.resize(12 + ((n * 37) % 140), 3 + ((n * 13) % 40))
    board.type(n % 3 === 0 ? 'j' : n % 3 === 1 ? 'k' : 'l')
  }
  board.resize(100, 24)
  await board.press('gs', /q quit/)
  await board.shows((text) => text.split('\n').length === 24 && /q quit *$/.test(text.trimEnd()))
  board.type('hhhgg')
  // To its last line: a frame may arrive in pieces.
  await board.shows(/▌ +one[\s\S]*four[\s\S]*q quit/)
  const stormed = board.text()
  const { length } = board.output()
  board.type('\x0c')
  await board.shows(() => board.output().slice(length).includes('four'))
  await board.shows(/▌ +one[\s\S]*four[\s\S]*q quit/)
  assert.equal(board.text(), stormed)
  board.type('q')
  assert.equal((await board.exit).exitCode, 0)
})

test('a long title gives way to the key that undoes', async () => {
  const cli = await createCli()
  await cli.add('long '.repeat(39))
  const board = openBoard(cli, ['board'], { cols: 60, rows: 12 })
  await board.press('p', /✓ Priority: long .*… {2}\(u undoes\)/)
  board.type('q')
  await board.exit
})
