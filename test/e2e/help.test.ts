import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { aliases, commands } from '../../cli/commands.ts'
import { topics } from '../../cli/topics.ts'
import { readVersion } from '../../shared/version.ts'
import { type Cli, createCli, program } from '../support/cli.ts'

let cli: Cli

before(async () => {
  cli = await createCli()
})

const ok = async (...words: string[]) => {
  const { stdout, stderr, code } = await cli.todo(...words)
  assert.deepEqual([stderr, code], ['', 0], words.join(' '))
  return stdout
}

test('help and --version say what they say without a daemon or a folder', async () => {
  assert.equal(await ok('--version'), `todo ${readVersion()}\n`)
  assert.equal(await ok('-V'), await ok('--version'))
  await ok('help')
  await ok('add', '-h')
  await ok('help', 'exit-codes')
  assert.equal(existsSync(cli.folder), false, 'nothing was made')
})

test('help names every command, and todo, todo -h and todo --help agree', async () => {
  const help = await ok('help')
  const all = await ok('help', 'commands')
  for (const [name, { summary }] of Object.entries(commands)) {
    assert.match(help, new RegExp(`^  [A-Z].* ${name}( |$)`, 'm'), name)
    assert.match(all, new RegExp(`^  ${name} +${summary.replaceAll(/[.*+?^$()[\]{}|]/g, '\\$&')}`, 'm'))
  }
  assert.ok(help.split('\n').length <= 31, `${help.split('\n').length} lines`)
  assert.equal(await ok('-h'), help)
  assert.equal(await ok('--help'), help)
})

test('each command shows its help by -h, --help and help NAME: examples first, on one screen', async () => {
  for (const [name, entry] of Object.entries(commands)) {
    const text = await ok(name, '-h')
    assert.equal(await ok(name, '--help'), text, name)
    assert.equal(await ok('help', name), text, name)
    assert.ok(text.startsWith(`todo ${name}: `), name)
    assert.ok(text.split('\n').length <= 40, `${name}: ${text.split('\n').length} lines`)
    if (!('noun' in entry)) {
      assert.equal(text.split('\n')[2], 'Examples', name)
      continue
    }
    for (const verb of Object.keys((await entry.noun()).verbs)) {
      assert.ok((await ok(name, verb, '-h')).startsWith(`todo ${name} ${verb}: `), `${name} ${verb}`)
    }
  }
})

test('every alias leads to a command that there is', () => {
  for (const target of Object.values(aliases)) assert.ok(target in commands, target)
})

test('the topics tell the exit codes, the forms of output and the date words', async () => {
  const codes = await ok('help', 'exit-codes')
  for (const code of [0, 1, 2, 3, 4, 5, 6, 130]) assert.match(codes, new RegExp(`^  ${code}\\b`, 'm'))
  for (const form of ['--json', '--ndjson', '--csv', '-q'])
    assert.ok((await ok('help', 'output')).includes(form))
  for (const word of ['tomorrow', 'eom', 'YYYY-MM-DD']) assert.ok((await ok('help', 'dates')).includes(word))
})

test('config tells every setting with its value and origin, and keeps what is set', async () => {
  const rows = async () =>
    JSON.parse(await ok('config', 'list', '--json')) as { name: string; value: unknown; origin: string }[]
  const idle = async () => (await rows()).find(({ name }) => name === 'daemon.idle_minutes')!
  assert.deepEqual([(await idle()).value, (await idle()).origin], [30, 'default'])
  await ok('config', 'set', 'daemon.idle_minutes', '45', '--dry-run')
  assert.equal((await idle()).origin, 'default', 'a dry run sets nothing')
  await ok('config', 'set', 'daemon.idle_minutes', '45')
  assert.deepEqual([(await idle()).value, (await idle()).origin], [45, 'file'])
  assert.equal(await ok('config', 'get', 'daemon.idle_minutes'), '45\n')
  assert.ok((await ok('config', 'path')).startsWith(cli.folder))
  assert.equal((await cli.todo('config', 'set', 'daemon.idle_minutes', 'long')).code, 2)
  assert.equal(await ok('config', 'get', 'daemon.idle_minutes'), '45\n')
})

test('daemon start, status and stop tell what is so, and may be repeated', async () => {
  const none = await cli.todo('daemon', 'status', '--json')
  assert.deepEqual([none.stdout, none.code], ['null\n', 0])
  const started = await cli.json<{ pid: number }>('daemon', 'start', '--json')
  assert.equal((await cli.json<{ pid: number }>('daemon', 'start', '--json')).pid, started.pid)
  const status = await cli.json<Record<string, unknown>>('daemon', 'status', '--json')
  assert.deepEqual(Object.keys(status).sort(), ['pid', 'socket', 'started_at', 'version'])
  assert.equal(status.pid, started.pid)
  assert.match(await ok('daemon', 'logs', '--lines', '5'), /the local service runs/)
  assert.match(await ok('daemon', 'logs', '--database'), /ready to accept connections/)
  assert.equal(await ok('daemon', 'stop'), 'Stopped.\n')
  assert.equal(await ok('daemon', 'stop'), 'It was not running.\n')
})

test('doctor checks every part and is content with a healthy one', async () => {
  const checks = await cli.json<{ name: string; ok: boolean }[]>('doctor', '--json')
  assert.deepEqual(
    checks.map(({ name, ok }) => [name, ok]),
    ['node', 'settings', 'disk', 'daemon', 'tasks'].map((name) => [name, true]),
  )
  const path = (await ok('config', 'path')).trim()
  await cli.shell(`echo '{broken' > '${path}'`)
  const { stdout, code } = await cli.todo('doctor')
  assert.equal(code, 1)
  assert.match(stdout, /^FAIL settings: .*is not JSON.*\n +Mend it/m)
})

test('help on a verb of a noun is told wherever help stands', async () => {
  const help = await ok('tag', 'add', '--help')
  assert.match(help, /^todo tag add: /)
  assert.equal(await ok('help', 'tag', 'add'), help)
  assert.equal(await ok('tag', 'help'), await ok('tag', '--help'))
  assert.match(await ok('tag', '--help'), /^todo tag: .*\n\nExamples\n {2}todo tag /)
})

test('the manual page names every command and topic', () => {
  const page = readFileSync(join(program, '../../man/todo.1'), 'utf8')
  assert.match(page, /^\.TH TODO 1 "\d{4}-\d\d-\d\d" "todo /)
  for (const name of Object.keys(commands))
    assert.match(page, new RegExp(`^\\.SS todo ${name}\\b`, 'm'), name)
  for (const name of Object.keys(topics)) {
    assert.ok(page.includes(`.SH ${name.toUpperCase().replaceAll('-', ' ')}\n`), name)
  }
})

test('a failure that nobody foresaw shows its stack only to who asks', async () => {
  const broken = async (env: Record<string, string>) =>
    (await cli.run({ env: { TODO_HOME: '/dev/null/x', ...env } }, 'list')).stderr
  assert.doesNotMatch(await broken({}), /\bat .*:\d+:\d+/)
})
