import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { Task } from '../../shared/api/task.ts'
import { type Cli, createCli } from '../support/cli.ts'
import { processesWith } from '../support/daemon.ts'

let cli: Cli

before(async () => {
  cli = await createCli()
})

/** Processes of this home: the daemon has the folder in its environment only, Postgres in its command line. */
const daemons = async () => {
  const { stdout } = await cli.shell(
    `grep -lz "^TODO_HOME=$TODO_HOME$" /proc/[0-9]*/environ 2>/dev/null || true`,
  )
  const pids = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => Number(line.split('/')[2]))
  const local = new Set(processesWith('dist/cli/local.js'))
  return pids.filter((pid) => local.has(pid))
}

test('twenty first commands at once make one daemon, one Postgres and twenty tasks', {
  skip: process.platform === 'linux' ? false : 'counts processes in /proc',
}, async () => {
  const names = Array.from({ length: 20 }, (_, n) => `First ${n}`)
  const results = await Promise.all(names.map((name) => cli.todo('add', name)))
  for (const { stdout, stderr, code } of results) {
    assert.deepEqual([stderr, code], ['', 0])
    assert.match(stdout, /^Added \d+: First \d+\n$/)
  }
  const tasks = await cli.json<Task[]>('list', '--json', '--sort', 'title')
  assert.deepEqual(tasks.map(({ title }) => title).sort(), names.sort())
  assert.equal(new Set(tasks.map(({ id }) => id)).size, 20)
  assert.equal((await daemons()).length, 1)
  assert.equal(processesWith(`${cli.folder}/data/postgres`).length, 1)
})

test('twenty commands at once with a stopped daemon all succeed too', async () => {
  await cli.todo('daemon', 'stop')
  const results = await Promise.all(Array.from({ length: 20 }, () => cli.todo('list', '-q')))
  for (const { stdout, code } of results) assert.deepEqual([stdout.split('\n').length, code], [21, 0])
})

test('the daemon opens no TCP port, and its sockets lie in a folder for the owner only', async () => {
  const { socket } = await cli.json<{ socket: string }>('daemon', 'status', '--json')
  const [pid] = await daemons()
  const { stdout } = await cli.shell(
    `stat -c %a "$(dirname '${socket}')" '${socket}'; for f in /proc/${pid}/fd/*; do readlink $f; done | sed -n 's/socket:\\[\\(.*\\)\\]/\\1/p' | while read i; do awk -v i=$i '$10 == i' /proc/${pid}/net/tcp /proc/${pid}/net/tcp6; done`,
  )
  assert.equal(stdout, '700\n600\n')
})
