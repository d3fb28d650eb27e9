import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { root } from '../../deploy/local/settings.ts'
import { containersOf, servicePods } from '../../deploy/minikube/check.ts'
import { eventually } from '../../deploy/minikube/client.ts'
import { runProgram } from '../../deploy/minikube/cluster.ts'
import {
  assertEffects,
  cluster,
  config,
  type LoadPerson,
  outboxDepth,
  startLoad,
  startTestSink,
  titlesOf,
} from '../support/cluster.ts'

// The blocks of docs/rollback.md, run as they stand there, on a kubectl whose context is the one under test.

const folder = mkdtempSync(join(tmpdir(), 'todo-rollback-'))
after(() => rmSync(folder, { recursive: true }))
writeFileSync(
  join(folder, 'kubeconfig'),
  await cluster.kubectl(['config', 'view', '--minify', '--flatten', '--raw']),
  { mode: 0o600 },
)

/** Every block below a heading, in order. */
const document = readFileSync(join(root, 'docs/rollback.md'), 'utf8')
const blocks = new Map(
  document
    .split(/^## /m)
    .slice(1)
    .map((section) => [
      section.split('\n', 1)[0]!,
      [...section.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, text]) => text!),
    ]),
)
const executed = new Set<string>()

/** Runs the nth block below a heading and answers what it said. */
async function run(heading: string, nth: number): Promise<string> {
  const text = blocks.get(heading)?.[nth]
  assert.ok(text, `docs/rollback.md has no block ${nth} below "${heading}"`)
  executed.add(text)
  const env = { ...config.env, KUBECONFIG: join(folder, 'kubeconfig') }
  // The text names the namespace as its reader would.
  const own = text.replaceAll('-n todo', `-n ${cluster.namespace}`).replaceAll('/tmp/', `${folder}/`)
  return runProgram('bash', ['-euo', 'pipefail', '-c', `cd ${root}\n${own}`], { env })
}

const sink = await startTestSink()
const load = await startLoad(sink)
const rate = 30

/** Runs under load and asserts that no request has failed by it. */
async function unharmed(name: string, work: () => Promise<void>): Promise<string> {
  await load.start(name, rate)
  await sleep(1_500)
  await work()
  await sleep(6_000)
  const { sent, answered, slowestMs, failures } = await load.stop()
  assert.deepEqual(failures, [])
  assert.equal(answered, sent)
  return `${answered} of ${sent} answered, the slowest in ${slowestMs} ms`
}

const sizes = async () => (await servicePods(cluster)).map((pod) => containersOf(pod).length)

test('the release before: a rollback under load fails no request', async (t) => {
  const chart = join(root, 'deploy/chart')
  await cluster.helm([
    ...['upgrade', 'todo', chart, '--reset-then-reuse-values', '--set', 'logLevel=debug'],
    ...['--wait', '--timeout', '5m'],
  ])
  const level = () => cluster.helm(['get', 'values', 'todo', '--all', '-o', 'json'])
  assert.match(await level(), /"logLevel":"debug"/)
  t.diagnostic(
    await unharmed('rollback', async () => {
      await run('The release before', 0)
    }),
  )
  assert.match(await level(), /"logLevel":"info"/)
})

test('notifier and recurrer to none and back: the API works on, and what waited arrives', async (t) => {
  const heading = 'Notifier and recurrer to none'
  t.diagnostic(
    await unharmed('scaled to none', async () => {
      await run(heading, 0)
      await sleep(2_000)
      const names = (await servicePods(cluster)).map(({ metadata }) => metadata.name.split('-')[0])
      assert.deepEqual(new Set(names), new Set(['server']))
      await run(heading, 1)
    }),
  )
  const { events, posts, repeated } = await assertEffects(load, sink)
  t.diagnostic(`${events} events, ${posts} posts, ${repeated} repeated`)
})

test('events off and on: the server works alone, the outbox keeps the backlog and drains in order', async (t) => {
  const heading = 'Events off'
  t.diagnostic(
    await unharmed('events off', async () => {
      await run(heading, 0)
      assert.deepEqual(new Set(await sizes()), new Set([1]), 'no sidecar beside the server')
      await sleep(2_000)
      const backlog = await outboxDepth()
      assert.ok(backlog > 0)
      t.diagnostic(`${backlog} events waited`)
      await run(heading, 1)
    }),
  )
  await eventually('an empty outbox', outboxDepth, (depth) => depth === 0, 120_000)
  assert.deepEqual(new Set(await sizes()), new Set([2]))
  const { events, posts, repeated } = await assertEffects(load, sink, { ms: 150_000 })
  t.diagnostic(`${events} events, ${posts} posts, ${repeated} repeated`)
})

test('the schema a step down and up again: every task is kept', async () => {
  const heading = 'The schema'
  const people = await load.people()
  const kept = async () => Promise.all(people.map((person: LoadPerson) => titlesOf(person)))
  const before = await kept()
  assert.match(await run(heading, 0), /^taken back \d{4}_/m)
  assert.match(await run(heading, 1), /^\d{4}_\w+\tmissing$/m)
  assert.deepEqual(await kept(), before)
  await run(heading, 2)
  assert.doesNotMatch(await run(heading, 1), /missing/)
  assert.deepEqual(await kept(), before)
})

test('every block of the document has been run', () => {
  const all = [...blocks.values()].flat()
  assert.ok(all.length >= 8)
  assert.deepEqual(
    all.filter((text) => !executed.has(text)),
    [],
  )
})
