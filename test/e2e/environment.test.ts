import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { type Cli, createCli } from '../support/cli.ts'

let cli: Cli

before(async () => {
  cli = await createCli()
  await cli.add('İstanbul Straße 買い物', '-t', 'ünı', '--due', '2026-12-01T23:30:00Z')
  await cli.add('All day', '--due', '2026-12-01')
})

const list = async (env: Record<string, string | undefined>, ...words: string[]) => {
  const { stdout, stderr, code } = await cli.run({ env }, 'list', ...words)
  assert.deepEqual([stderr, code], ['', 0])
  return stdout
}

test('the answer is the same whatever the locale of the caller', async () => {
  const answer = await list({})
  for (const locale of ['C', 'POSIX', 'tr_TR.UTF-8', 'ar_EG.UTF-8', 'de_DE.ISO-8859-1', 'nonsense']) {
    assert.equal(await list({ LC_ALL: locale, LANG: locale }), answer, locale)
  }
  assert.equal(await list({ LANG: undefined, TERM: undefined }), answer, 'no locale at all')
})

test('titles keep every letter in and out of a C locale', async () => {
  const env = { LC_ALL: 'C', LANG: 'C' }
  const { stdout } = await cli.run({ env }, 'add', '--json', '--dry-run', 'ıİßſ ありがとう 🛒')
  assert.equal(JSON.parse(stdout).title, 'ıİßſ ありがとう 🛒')
  const found = await cli.run(
    { env: { LC_ALL: 'tr_TR.UTF-8' } },
    'list',
    '--search',
    'STRASSE'.toLowerCase(),
    '--priority',
    'MEDIUM',
  )
  assert.equal(found.code, 0)
})

test('a timed due is shown with the offset of the zone, an all-day one keeps its day in every zone', async () => {
  const due = async (TZ: string) =>
    (await list({ TZ }, '--sort', 'created')).split('\n').map((line) => line.split('\t')[3])
  assert.deepEqual(await due('UTC'), ['2026-12-01T23:30:00+00:00', '2026-12-01', undefined])
  assert.deepEqual(await due('Europe/Berlin'), ['2026-12-02T00:30:00+01:00', '2026-12-01', undefined])
  assert.deepEqual(await due('America/St_Johns'), ['2026-12-01T20:00:00-03:30', '2026-12-01', undefined])
  assert.deepEqual(await due('Pacific/Apia'), ['2026-12-02T12:30:00+13:00', '2026-12-01', undefined])
})

test('a time is read in the zone of the caller, not in that of the daemon', async () => {
  const at = async (TZ: string, text: string) => {
    const { stdout } = await cli.run({ env: { TZ } }, 'add', '--dry-run', '--json', 'x', '--due', text)
    return JSON.parse(stdout).due_at
  }
  assert.equal(await at('Asia/Tokyo', '2026-12-01T09:00'), '2026-12-01T00:00:00.000Z')
  assert.equal(await at('America/New_York', '2026-07-01T09:00'), '2026-07-01T13:00:00.000Z')
})

test('TODO_NOW moves date words and never the stored times', async () => {
  const env = { TODO_NOW: '2031-02-27T23:00:00Z' }
  const { stdout } = await cli.run({ env }, 'add', '--json', 'Later', '--due', 'tomorrow')
  const task = JSON.parse(stdout)
  assert.equal(task.due_date, '2031-02-28')
  assert.ok(Math.abs(Date.parse(task.created_at) - Date.now()) < 60_000)
  const berlin = await cli.run(
    { env: { ...env, TZ: 'Europe/Berlin' } },
    'add',
    '--json',
    '--dry-run',
    'x',
    '--due',
    'tomorrow',
  )
  assert.equal(JSON.parse(berlin.stdout).due_date, '2031-03-01', 'it is past midnight there')
  const [done] = JSON.parse((await cli.run({ env }, 'done', `${task.id}`, '--json')).stdout)
  assert.ok(Math.abs(Date.parse(done.task.completed_at) - Date.now()) < 60_000)
  const bad = await cli.run({ env: { TODO_NOW: 'yesterday' } }, 'add', 'x', '--due', 'tomorrow')
  assert.equal(bad.code, 2)
  assert.match(bad.stderr, /TODO_NOW/)
})

test('what the caller sets for Node, Postgres or a proxy does not reach the local way', async () => {
  const answer = await list({})
  const hostile = {
    NODE_OPTIONS: '--max-old-space-size=512',
    NODE_ENV: 'development',
    HTTP_PROXY: 'http://127.0.0.1:1',
    HTTPS_PROXY: 'http://127.0.0.1:1',
    ALL_PROXY: 'socks5://127.0.0.1:1',
    NODE_USE_ENV_PROXY: '1',
    NODE_EXTRA_CA_CERTS: '/nonexistent.pem',
    PGHOST: 'nowhere.invalid',
    PGUSER: 'nobody',
    PGPASSWORD: 'wrong',
    PGDATABASE: 'nothing',
    PGOPTIONS: '-c work_mem=broken',
    PGTZ: 'Asia/Tokyo',
    CDPATH: '/',
  }
  const run = async (...words: string[]) => {
    const { stdout, code } = await cli.run({ env: hostile }, ...words)
    assert.equal(code, 0)
    return stdout
  }
  assert.equal(await run('list'), answer)
  await cli.todo('daemon', 'stop')
  assert.equal(await run('list'), answer, 'a daemon started under them works as well')
})

test('--timeout gives up on a daemon that does not answer, with exit code 6', async () => {
  const { pid } = await cli.json<{ pid: number }>('daemon', 'status', '--json')
  process.kill(pid, 'SIGSTOP')
  try {
    const { stdout, stderr, code } = await cli.todo('list', '--timeout', '0.3')
    assert.deepEqual([stdout, code], ['', 6])
    assert.match(stderr, /No answer within 0\.3 seconds/)
  } finally {
    process.kill(pid, 'SIGCONT')
  }
  assert.equal((await cli.todo('list')).code, 0)
})

test('all that is stored lies below TODO_HOME, for its owner only', async () => {
  const { stdout } = await cli.shell('find "$TODO_HOME" \\( -perm /077 -a ! -type l \\) -print')
  assert.equal(stdout, '')
  assert.equal((await cli.shell('find "$HOME" -mindepth 1')).stdout, '')
})
