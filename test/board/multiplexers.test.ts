import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, before, test } from 'node:test'
import { closeBoards, openBoard } from '../support/board.ts'
import { type Cli, createCli } from '../support/cli.ts'

let cli: Cli

before(async () => {
  cli = await createCli()
  for (const title of ['Pay rent', '買い物 🛒 list', 'Call mum']) await cli.add(title)
})
afterEach(closeBoards)

const missing = (program: string, flag: string) =>
  spawnSync(program, [flag]).error === undefined ? false : `${program} is not installed`

/** Of a shell that reads PS1, or its own. */
const prompt = /^(?:shell>|[#$])(?: |$)/m

/** The whole way through a multiplexer: drawn, used, resized, left, and what was there before is back. */
async function goThrough(file: string, words: string[]): Promise<void> {
  const terminal = openBoard(cli, words, { command: [file], env: { PS1: 'shell> ' } })
  await terminal.shows(prompt)
  await terminal.press('echo before\r', /^before/m)
  // How wide an emoji is, the terminal of the test and the multiplexer may see otherwise.
  await terminal.press('todo board\r', /▸todo 3[\s\S]*買い物 🛒 +list[\s\S]*Call mum/)
  await terminal.press('j', /2\/3/)
  await terminal.press('\x1b[A', /1\/3/)
  await terminal.press('d', /done 1/)
  await terminal.press('u', /done 0/)
  terminal.type('q')
  await terminal.shows((text) => /^before$/m.test(text) && prompt.test(text) && !text.includes('▸todo'))
  await terminal.press('todo board\r', /▸todo 3/)
  terminal.resize(60, 16)
  await terminal.shows(/▸todo 3 +doing 0 +>/)
  terminal.type('q')
  await terminal.shows((text) => prompt.test(text) && !text.includes('▸todo'))
  terminal.type('exit\r')
  await terminal.exit
}

test('in tmux the board is drawn, used, resized and left like anywhere', {
  skip: missing('tmux', '-V'),
}, async () => {
  await goThrough('tmux', ['-f', '/dev/null', '-S', join(cli.folder, 'tmux'), 'new-session', '/bin/sh'])
})

test('in GNU screen the board is drawn, used, resized and left like anywhere', {
  skip: missing('screen', '--version'),
}, async () => {
  // Other than the rest of them, it brings back what stood before only when it is told to.
  const file = join(cli.folder, 'screenrc')
  writeFileSync(file, 'altscreen on\nstartup_message off\n')
  await goThrough('screen', ['-c', file, '-U', '/bin/sh'])
})
