import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { createLog } from '../shared/log.ts'
import { createTestApi, type TestApi } from '../test/support/api.ts'
import { createApp } from './app.ts'
import type { Publishing } from './deps.ts'
import { count, createTally } from './tally.ts'

let api: TestApi

before(async () => {
  api = await createTestApi()
})

const relay = (change: Partial<Publishing['relay']> = {}): Publishing['relay'] => ({
  isLeader: true,
  isBusDown: false,
  fault: null,
  published: 7,
  refused: 2,
  failures: 3,
  delays: createTally([0.05, 1]),
  ...change,
})

function appWith(change: Partial<Publishing>) {
  const publishing = {
    relay: relay(),
    sidecarAnswers: async () => true,
    ages: () => ({ relay: 1.5 }),
    ...change,
  }
  return createApp({ ...api.deps, publishing })
}

async function readiness(change: Partial<Publishing>) {
  const answer = await appWith(change).request('/readyz')
  return [answer.status, ((await answer.json()) as { checks: Record<string, string> }).checks]
}

test('/readyz tells what is wrong with the bus, and stays ready: requests are answered as before', async () => {
  const well = { database: 'ok', sidecar: 'ok', relay: 'leader', bus: 'ok' }
  assert.deepEqual(await readiness({}), [200, well])
  assert.deepEqual(await readiness({ sidecarAnswers: async () => false }), [
    200,
    { ...well, sidecar: 'away' },
  ])
  assert.deepEqual(await readiness({ relay: relay({ isBusDown: true, fault: 'publish_failed' }) }), [
    200,
    { ...well, bus: 'publish_failed' },
  ])
  assert.deepEqual(await readiness({ relay: relay({ isLeader: false }) }), [
    200,
    { ...well, relay: 'standby', bus: 'not asked' },
  ])
})

test('the log says once how long the start has taken, at the first answer that says ready', async () => {
  const lines: string[] = []
  const log = createLog('server', { destination: { write: (line) => void lines.push(line) } })
  const app = createApp({ ...api.deps, log, stopping: AbortSignal.abort() })
  assert.equal((await app.request('/readyz')).status, 503)
  assert.deepEqual(readyLines(lines), [])
  const started = createApp({ ...api.deps, log })
  await started.request('/readyz')
  await started.request('/readyz')
  const [said, ...more] = readyLines(lines)
  assert.ok(said!.after_ms > 0)
  assert.deepEqual(more, [])
})

const readyLines = (lines: string[]) =>
  lines
    .map((line) => JSON.parse(line) as { msg: string; after_ms: number })
    .filter(({ msg }) => msg === 'ready')

test('without a bus beside it a server says no more than that it is ready', async () => {
  const answer = await createApp(api.deps).request('/readyz')
  assert.deepEqual(await answer.json(), { status: 'ready' })
})

test('/metrics tells of the relay: leader, breaker, counts, delay, and of sidecar and loops', async () => {
  const delays = createTally([0.05, 1])
  for (const seconds of [0.01, 0.02, 0.5, 3]) count(delays, seconds)
  const app = appWith({ relay: relay({ isBusDown: true, delays }), sidecarAnswers: async () => false })
  const text = await (await app.request('/metrics')).text()
  for (const line of [
    'todo_relay_leader 1',
    'todo_relay_breaker_open 1',
    'todo_relay_published_total 7',
    'todo_relay_refused_total 2',
    'todo_relay_failures_total 3',
    'todo_relay_delay_seconds_bucket{le="0.05"} 2',
    'todo_relay_delay_seconds_bucket{le="1"} 3',
    'todo_relay_delay_seconds_bucket{le="+Inf"} 4',
    'todo_relay_delay_seconds_count 4',
    'todo_sidecar_reachable 0',
    'todo_loop_age_seconds{loop="relay"} 1.5',
    'todo_outbox_depth 0',
  ])
    assert.ok(text.split('\n').includes(line), line)
  const again = await (await app.request('/metrics')).text()
  assert.ok(again.includes('\ntodo_relay_published_total 7\n'), 'a figure is not added to itself')
})
