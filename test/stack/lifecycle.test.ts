import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { parse } from 'yaml'
import { writeComposeEnv } from '../../deploy/local/compose.ts'
import { isAlive, type ProcessRecord } from '../../deploy/local/process.ts'
import { root } from '../../deploy/local/settings.ts'
import { inheritedEnvironment } from '../../shared/config.ts'
import { freeBase } from '../support/ports.ts'

const folder = mkdtempSync(join(tmpdir(), 'todo-lifecycle-'))
const home = join(folder, 'stack')
const script = join(root, 'deploy/local/stack.ts')

const base = await freeBase()

const stack = (args: string[], env: Record<string, string> = {}) =>
  new Promise<{ code: number; out: string }>((resolve) => {
    const all = inheritedEnvironment({ STACK_HOME: home, ...env })
    execFile(process.execPath, [script, ...args], { env: all }, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out: `${out}${err}` }),
    )
  })
after(async () => {
  await stack(['down'])
  rmSync(folder, { recursive: true, force: true })
})

const records = (): ProcessRecord[] =>
  readdirSync(join(home, 'run')).map((name) => JSON.parse(readFileSync(join(home, 'run', name), 'utf8')))

test('what is missing is named, with the line that installs it', async () => {
  const { code, out } = await stack(['up'], { PATH: '/nowhere', DAPRD: '', KAFKA_LIBS: '', HOME: folder })
  assert.equal(code, 1)
  for (const word of ['daprd', 'dapr init --slim', 'redis-server', 'openjdk', 'maven', 'docker'])
    assert.ok(out.includes(word), word)
  assert.ok(!existsSync(home), 'and nothing was made')
})

test('up starts everything, tells how long each took, and a second up finds it running', async () => {
  const first = await stack(['up', '--port', String(base)])
  assert.equal(first.code, 0, first.out)
  assert.match(first.out, /kafka +\d+\.\d s/)
  assert.match(first.out, new RegExp(`TODO_API_URL=http://127.0.0.1:${base}`))
  const pids = records().map(({ pid }) => pid)
  assert.equal(pids.length, 9)
  const second = await stack(['up'])
  assert.equal(second.code, 0, second.out)
  assert.equal(second.out.match(/was running/g)?.length, 9)
  assert.deepEqual(
    records().map(({ pid }) => pid),
    pids,
  )
})

test('status tells each part, exit 1 when one is down, and up mends it', async () => {
  assert.equal((await stack(['status'])).code, 0)
  const notifier = JSON.parse(readFileSync(join(home, 'run/notifier.json'), 'utf8')) as ProcessRecord
  process.kill(notifier.pid, 'SIGKILL')
  const { code, out } = await stack(['status'])
  assert.equal(code, 1)
  assert.match(out, /notifier +not running/)
  assert.equal((await stack(['up'])).code, 0)
  assert.equal((await stack(['status'])).code, 0)
})

const noProc = process.platform === 'linux' ? false : 'reads /proc'

test('secrets stand in no command line', { skip: noProc }, () => {
  const secrets = Object.values(JSON.parse(readFileSync(join(home, 'secrets.json'), 'utf8'))) as string[]
  for (const { pid } of records()) {
    const commandLine = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
    for (const secret of secrets) assert.ok(!commandLine.includes(secret))
  }
})

test('down ends every process and removes what it made, and nothing else', async () => {
  const all = records()
  writeFileSync(join(home, 'notes.txt'), 'mine')
  const { code, out } = await stack(['down'])
  assert.equal(code, 0, out)
  assert.deepEqual(all.filter(isAlive), [])
  assert.deepEqual(readdirSync(home), ['notes.txt'])
  rmSync(home, { recursive: true })
  assert.equal((await stack(['down'])).code, 0)
})

test('the compose file gets every value it names, and pins every image', () => {
  writeComposeEnv(folder, 18_000)
  const values = new Map(
    readFileSync(join(folder, 'compose.env'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => [line.split('=')[0]!, line.split('=').slice(1).join('=')]),
  )
  const text = readFileSync(join(root, 'deploy/local/compose.yaml'), 'utf8')
  for (const [, name] of text.matchAll(/(?<!\$)\$\{(\w+)\}/g)) assert.ok(values.get(name!), name)
  const filled = text.replaceAll(/(?<!\$)\$\{(\w+)\}/g, (_, name: string) => values.get(name)!)
  const { services } = parse(filled, { merge: true }) as {
    services: Record<string, { image: string; ports?: string[]; depends_on?: Record<string, unknown> }>
  }
  for (const [name, service] of Object.entries(services)) {
    assert.match(service.image, /:[\w.-]+$/, name)
    assert.ok(!service.image.endsWith(':latest'), name)
    for (const port of service.ports ?? []) assert.match(port, /^127\.0\.0\.1:\d+:\d+$/, name)
    for (const other of Object.keys(service.depends_on ?? {}))
      assert.ok(services[other], `${name} waits for ${other}`)
  }
})
