import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, before, test } from 'node:test'
import { closeBoards, openBoard } from '../support/board.ts'
import { type Cli, createCli } from '../support/cli.ts'

let cli: Cli
let folder: string

function hook(name: string, body: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\n${body}\n`)
  chmodSync(join(folder, name), 0o755)
}

const told = () => readFileSync(join(folder, 'told'), 'utf8')

before(async () => {
  cli = await createCli()
  await cli.add('Pay rent')
  await cli.add('Write report')
  folder = join(cli.folder, 'config', 'hooks')
  mkdirSync(folder, { recursive: true })
  for (const name of ['on-add', 'on-change', 'on-done', 'on-rm']) {
    hook(name, `sed "s/^/${name} /" >> ${folder}/told; echo "heard by ${name}"`)
  }
})
afterEach(closeBoards)

test('what is done on the board calls the hooks that the commands call, with the whole task', async () => {
  const board = openBoard(cli)
  await board.shows(/Write report/)
  await board.press('gg', /▌ +Pay rent/)
  await board.press('aCall mum\r', /✓ Added: Call mum · heard by on-add/)
  await board.press('gg', /▌ +Pay rent/)
  await board.press('p', /✓ Priority: Pay rent · heard by on-change/)
  await board.press('d', /✓ Done: Pay rent.* · heard by on-done/)
  await board.press('gg', /▌ +Write report/)
  await board.press('x', /✓ Deleted: Write report · heard by on-rm/)
  board.type('q')
  assert.equal((await board.exit).exitCode, 0)
  const rows = told()
    .trim()
    .split('\n')
    .map((row) => [row.split(' ')[0], JSON.parse(row.replace(/^\S+ /, ''))] as const)
  assert.deepEqual(
    rows.map(([name, task]) => `${name} ${task.title} ${task.status}`),
    ['on-add Call mum todo', 'on-change Pay rent todo', 'on-done Pay rent done', 'on-rm Write report todo'],
  )
  for (const [, task] of rows) assert.equal(typeof task.description, 'string')
})

test('before-add may change what is added, or refuse it with its reason', async () => {
  hook(
    'before-add',
    `grep -q forbidden && { echo "not on a Sunday" >&2; exit 1; }; echo '{"title":"From the hook"}'`,
  )
  const board = openBoard(cli)
  await board.shows(/Call mum/)
  await board.press('asomething forbidden\r', /✗ Not added: not on a Sunday/)
  await board.press('\x1b', /^(?!.*Not added)/s)
  await board.press('aanything\r', /✓ Added: From the hook/)
  await board.shows(/From the hook/)
  board.type('q')
  await board.exit
  rmSync(join(folder, 'before-add'))
})

test('a hook that fails is told and takes nothing back, and the board waits for it when it is left', async () => {
  hook('on-done', `sleep 1; cat > ${folder}/late; exit 3`)
  const board = openBoard(cli)
  await board.shows(/Call mum/)
  await board.press('/mum\r', /todo 1/)
  await board.press('d', /✗ The hook on-done failed \(3\)/)
  await board.press('u', /todo 1/)
  rmSync(join(folder, 'late'))
  board.type('ggdq')
  assert.equal((await board.exit).exitCode, 0)
  assert.match(readFileSync(join(folder, 'late'), 'utf8'), /Call mum/)
})
