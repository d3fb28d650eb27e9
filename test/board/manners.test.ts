import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, before, test } from 'node:test'
import { closeBoards, type OpenBoard, openBoard } from '../support/board.ts'
import { type Cli, createCli } from '../support/cli.ts'

let cli: Cli

before(async () => {
  cli = await createCli()
  for (let n = 1; n <= 30; n += 1) await cli.add(`Task number ${n}`)
})
afterEach(closeBoards)

const modes = ['?1049l', '?25h', '?2004l', '?1000l', '?1002l', '?1006l']

/** The way back to the shell: the other buffer left, the cursor shown, every mode off. */
function assertRestored(board: OpenBoard): void {
  assert.equal(board.isAlternate(), false)
  for (const mode of modes) {
    const off = board.output().lastIndexOf(`\x1b[${mode}`)
    const on = board.output().lastIndexOf(`\x1b[${mode.replace(/[lh]$/, (end) => (end === 'l' ? 'h' : 'l'))}`)
    assert.ok(off > on, mode)
  }
}

async function opened(options = {}): Promise<OpenBoard> {
  const board = openBoard(cli, ['board'], options)
  await board.shows(/Task number 3/)
  return board
}

test('q, Ctrl-C and SIGTERM give the terminal back as it was, each with its exit code', async () => {
  for (const [end, code] of [
    [(board: OpenBoard) => board.type('q'), 0],
    [(board: OpenBoard) => board.type('\x03'), 130],
    [(board: OpenBoard) => board.child.kill('SIGTERM'), 143],
    [(board: OpenBoard) => board.child.kill('SIGHUP'), 129],
  ] as const) {
    const board = await opened()
    assert.ok(board.isAlternate())
    end(board)
    assert.equal((await board.exit).exitCode, code)
    assertRestored(board)
  }
})

test('what stood on the screen before stands there again', async () => {
  const shell = openBoard(cli, ['-c', 'echo before; todo board; echo after; read x'], {
    command: ['/bin/sh'],
  })
  await shell.shows(/Task number 3/)
  assert.doesNotMatch(shell.text(), /before/)
  await shell.press('q', /before\nafter/)
  shell.type('\r')
  await shell.exit
})

test('Ctrl-Z gives the terminal to the shell, fg brings the board back at the size of now', async () => {
  const shell = openBoard(cli, ['--norc', '--noprofile', '-i'], {
    command: ['/bin/bash'],
    env: { PS1: 'shell> ' },
  })
  await shell.press('todo board\r', /Task number 3/)
  await shell.press('\x1a', /Stopped/)
  assert.equal(shell.isAlternate(), false)
  shell.resize(90, 20)
  await shell.press('fg\r', /Task number 3/)
  assert.ok(shell.isAlternate())
  await shell.shows(
    (text) =>
      text.split('\n').findIndex((row) => /q quit/.test(row)) === 19 ||
      /help/.test(text.split('\n')[19] ?? ''),
  )
  await shell.press('j', /2\/30/)
  shell.type('q')
  await shell.shows(/shell> $/m)
  shell.type('exit\r')
  await shell.exit
})

test('the editor gets the whole terminal, and what it wrote is the note', async () => {
  const editor = join(cli.folder, 'editor.sh')
  writeFileSync(editor, '#!/bin/sh\nprintf "editing: "; read answer; printf "%s" "$answer" > "$1"\n', {
    mode: 0o755,
  })
  const board = await opened({ env: { EDITOR: editor } })
  await board.press('ggE', /editing: /)
  assert.equal(board.isAlternate(), false, 'the board is out of the way')
  await board.press('a note of mine\r', /✓ Note of: Task number 1 /)
  assert.ok(board.isAlternate())
  assert.equal((await cli.json<{ description: string }>('show', '1', '--json')).description, 'a note of mine')
  await board.press('j', /2\/30/)
  board.type('q')
  await board.exit
  assertRestored(board)
})

test('at any size there is no crash and no stale cell, and the selection stays', async () => {
  const board = await opened()
  await board.press('gg5j', /6\/30/)
  for (const [cols, rows] of [
    [20, 5],
    [10, 3],
    [200, 50],
    [40, 8],
    [81, 24],
    [120, 30],
  ] as const) {
    board.resize(cols, rows)
    await board.shows((text) => {
      const lines = text.split('\n')
      if (cols < 20 || rows < 5)
        return /^too small *$/.test(lines[0]!) && lines.slice(1).every((line) => line.trim() === '')
      return lines.length === rows && /▌.*Task number 6/.test(text) && /\? help/.test(lines[rows - 1]!)
    })
  }
  board.type('q')
  assert.equal((await board.exit).exitCode, 0)
})

test('narrow, one column is seen at a time, with signs that there are more', async () => {
  const board = await opened({ cols: 40, rows: 12 })
  await board.shows(/▸todo 30 +>/)
  await board.press('l', /▸doing 0 +<>/)
  await board.press('l', /▸done 0 +</)
  assert.doesNotMatch(board.text(), /Task number/)
  board.type('q')
  await board.exit
})

test('nothing is cleared while one moves, and a move of the selection rewrites few rows', async () => {
  const board = await opened()
  await board.press('gg', /1\/30/)
  await board.shows(/● live/)
  const from = board.output().length
  for (let n = 2; n <= 8; n += 1) await board.press('j', new RegExp(` ${n}/30`))
  const moved = board.output().slice(from)
  assert.doesNotMatch(moved, /\x1b\[[23]?J/)
  assert.ok(moved.length / 7 < 2_500, `${moved.length / 7} bytes a key`)
  board.type('q')
  await board.exit
})

test('without a terminal, or on one that cannot be drawn on, it names what works there', async () => {
  const piped = await cli.todo('board')
  assert.equal(piped.code, 2)
  assert.match(piped.stderr, /todo list/)
  const board = openBoard(cli, ['board'], { env: { TERM: 'dumb' } })
  assert.equal((await board.exit).exitCode, 2)
  assert.match(board.text(), /todo list/)
  assert.equal(board.isAlternate(), false)
})

test('bare todo is the board on a terminal and the list in a pipe', async () => {
  const board = openBoard(cli, [])
  await board.shows(/todo › board by status/)
  board.type('q')
  assert.equal((await board.exit).exitCode, 0)
  const piped = await cli.todo()
  assert.match(piped.stdout, /^1\ttodo\t/)
  const dumb = openBoard(cli, [], { env: { TERM: 'dumb', PAGER: 'cat' }, rows: 50 })
  assert.equal((await dumb.exit).exitCode, 0)
  assert.match(dumb.text(), /Task number 30/)
})

test('the view, the filter and the selection come back', async () => {
  const board = await opened()
  await board.press('b', /todo › list/)
  await board.press('/number 2\r', /number 29/)
  await board.press('gg3j', /▌.*Task number 21 /)
  board.type('q')
  await board.exit
  const file = JSON.parse(readFileSync(join(cli.folder, 'state/board.json'), 'utf8'))
  assert.equal(file.filter, 'number 2')
  const again = openBoard(cli)
  await again.shows(/todo › list {2}\/number 2/)
  await again.shows(/▌.*Task number 21 /)
  await again.press('\x1b', /1\/30|\d+\/30/)
  await again.press('b', /grouped/)
  await again.press('b', /board by status/)
  again.type('q')
  await again.exit
})
