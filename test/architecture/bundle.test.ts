import assert from 'node:assert/strict'
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { type Cli, createCli, execute, program } from '../support/cli.ts'

// The client's start is most of what a command costs. `import 'node:http'` alone would add a fifth, undici would
// double it: what is heavy has to stay behind a dynamic import of a file of its own.

const client = program.replace('main.js', 'client.js')

let cli: Cli

before(async () => {
  cli = await createCli()
  await cli.add('Warm')
})

const sources = (file: string): string[] => JSON.parse(readFileSync(`${file}.map`, 'utf8')).sources

const packagesIn = (file: string): string[] => [
  ...new Set(
    sources(file).flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.slice(1) ?? []),
  ),
]

/** Builtins that a run has loaded, by the list that Node keeps of itself. */
async function loadedBy(...words: string[]): Promise<string[]> {
  const report = `process.on('exit', () => require('node:fs').writeSync(3, process.moduleLoadList.join('\\n')))`
  const hook = `${cli.folder}/report.cjs`
  const shell = `printf '%s' "$HOOK" > '${hook}'; exec "$NODE" --require '${hook}' "$PROGRAM" ${words.join(' ')} 3>&1 >/dev/null`
  const env = { ...cli.env, HOOK: report, NODE: process.execPath, PROGRAM: program }
  const { stdout, stderr, code } = await execute('/bin/sh', ['-c', shell], env)
  assert.equal(code, 0, stderr)
  return stdout.split('\n')
}

test('the client bundles no package but the parser of its command line', () => {
  assert.deepEqual(packagesIn(client), ['commander'])
})

test('nothing heavy is named in the client, not even for later', () => {
  const text = readFileSync(client, 'utf8')
  const required = [...text.matchAll(/require\("(?:node:)?([\w/]+)"\)/g)].map(([, name]) => name!)
  const heavy = ['http', 'https', 'http2', 'tls', 'sqlite', 'worker_threads', 'crypto', 'util', 'stream/web']
  assert.deepEqual(
    heavy.filter((name) => required.includes(name)),
    [],
  )
  assert.deepEqual(
    [...text.matchAll(/\b(fetch|new WebSocket)\(/g)].map(([found]) => found),
    [],
  )
})

test('the client has less than 250 kB to be read at every start', () => {
  assert.ok(readFileSync(client).length < 250_000, `${readFileSync(client).length} bytes`)
})

test('what the daemon and the services are made of is ASCII, or Node would keep every letter in two bytes', () => {
  for (const name of [
    'cli/client',
    'cli/local',
    'cli/serve',
    'server/main',
    'notifier/main',
    'recurrer/main',
  ]) {
    const text = readFileSync(program.replace('cli/main', name), 'latin1')
    const place = text.search(/[\x80-\xff]/)
    assert.equal(place, -1, `${name}: ${text.slice(Math.max(0, place - 60), place + 20)}`)
  }
})

for (const words of [
  ['--version'],
  ['list'],
  ['add', 'Another', '--due', 'friday'],
  ['done', '1'],
  ['show', '1'],
]) {
  test(`a warm todo ${words.join(' ')} loads no HTTP, TLS, undici, crypto, SQLite, readline or child_process`, async () => {
    const loaded = await loadedBy(...words)
    assert.ok(loaded.length > 50, 'Node says what it has loaded')
    const heavy = loaded.filter((name) =>
      /^NativeModule (_?http|https|http2|_?tls|internal\/deps\/undici|sqlite|crypto$|internal\/webstreams|readline|child_process)/.test(
        name,
      ),
    )
    assert.deepEqual(heavy, [])
  })
}

test('what V8 compiled is kept for each command, and what cannot be used of it is made anew', async () => {
  const folder = join(program, '../.compiled')
  const keptOf = (command: string) => readdirSync(folder).filter((name) => name.startsWith(`${command}-`))
  await cli.todo('priority', 'list', '--help')
  assert.deepEqual(keptOf('priority'), [], 'what only help needs is not kept')
  await cli.todo('priority', 'list')
  const [name] = keptOf('priority')
  const file = join(folder, name!)
  assert.ok(statSync(file).size > 100_000)
  writeFileSync(file, 'something else')
  assert.equal((await cli.todo('priority', 'list')).code, 0)
  assert.ok(statSync(file).size > 100_000)
  rmSync(file)
  await cli.todo('priority', 'nonsense')
  assert.deepEqual(keptOf('priority'), [], 'nor what a failure needs')
})

test('a dynamic import of the daemon stays a file of its own', () => {
  const local = program.replace('main.js', 'local.js')
  assert.ok(packagesIn(local).includes('hono'))
  assert.ok(!sources(client).some((path) => path.endsWith('cli/local/system.ts')))
})
