import { setTimeout as sleep } from 'node:timers/promises'
import { findTools } from '../deploy/local/tools.ts'
import { inheritedEnvironment } from '../shared/config.ts'
import { createDaprBus } from '../shared/dapr/bus.ts'
import { createGuardedClient } from '../shared/dapr/client.ts'
import { createDaprInbox } from '../shared/dapr/inbox.ts'
import { probeTopic } from '../shared/dapr/names.ts'
import { createDaprState } from '../shared/dapr/state.ts'
import type { Db } from '../shared/db/connect.ts'
import type { EventRecord } from '../shared/events.ts'
import { createLog } from '../shared/log.ts'
import { taskEvent } from '../test/support/events.ts'
import { freePort } from '../test/support/ports.ts'
import { openStack, type TestStack } from '../test/support/stack.ts'
import { builtServices, openDatabase } from '../test/support/stack-api.ts'
import { readMetric } from './events/figures.ts'
import { changeAt, makeOwners, type Owner } from './events/load.ts'
import { type Usage, usageOf } from './events/processes.ts'
import { exactNow, startRecorder } from './events/recorder.ts'
import { quantile } from './support/measure.ts'

// How fast changes get to the bus and to their consumers, through the real sidecars, Kafka, Redis and Postgres, beside
// a bare commit and a bare publication of one event to the same sidecar. Above 100 a second changes are made in batches
// of ten. `SECONDS RATE…` as arguments; by default 20 s at 50, 300, 800.

const [seconds = 20, ...rates] = process.argv.slice(2).map(Number)
const backlog = 20_000
const log = createLog('bench', { level: 'silent' })
const say = (line: string) => void process.stdout.write(`${line}\n`)
const ms = (value: number) => value.toFixed(value < 10 ? 1 : 0)
const percentiles = (values: number[]) => [0.5, 0.95, 0.99].map((q) => ms(quantile(values, q))).join(' / ')

async function main(): Promise<void> {
  const { missing } = findTools(inheritedEnvironment({}))
  if (missing.length > 0) return say(`events: not measured, ${missing[0]!.what} is missing`)
  let end = async () => {}
  try {
    await measure((ending) => {
      end = ending
    })
  } finally {
    await end()
  }
}

async function measure(onEnd: (end: () => Promise<void>) => void): Promise<void> {
  const port = await freePort()
  const stack = await openStack(
    {
      start: [['postgres', 'kafka', 'redis']],
      extra: (place) => [
        ...builtServices({ DAPR_HTTP_PORT: String(port) }, 'server')(place),
        ...builtServices({}, 'notifier')(place).slice(1),
      ],
    },
    onEnd,
  )
  const recorder = await startRecorder(stack.sidecar('server'), port)
  stack.atEnd(recorder.close)
  const db = await openDatabase(stack)
  await keepCommitTimes(stack, db)
  await stack.stack.start('server', 'notifier', 'daprd-server', 'daprd-notifier', 'daprd-recurrer')
  const arrivedAt = await startWitness(stack)
  const url = `http://127.0.0.1:${stack.ports.server}`
  const owners = await makeOwners(url, 20, 25)
  await changeAt(url, owners, 100, 5)
  await drained(db)
  say('| | p50 / p95 / p99 ms |')
  say(`| --- | ---: |`)
  say(`| a bare commit, 50/s | ${percentiles(await bareCommits(db))} |`)
  say(`| a bare publication, 50/s | ${percentiles(await barePublications(stack))} |\n`)
  say(`| changes a second | commit → acknowledged p50 / p95 / p99 ms | commit → handler p50 / p95 / p99 ms |`)
  say(`| ---: | ---: | ---: |`)
  const scene = { stack, db, url, owners, arrivedAt, acknowledgedAt: recorder.acknowledgedAt }
  for (const rate of rates.length > 0 ? rates : [50, 300, 800]) await measureRate(scene, rate)
  await measureDrain(stack, db, url)
  await measureState(stack)
}

/** Postgres tells of each transaction when it was committed, if it is asked before. */
async function keepCommitTimes(stack: TestStack, db: Db): Promise<void> {
  await db`alter system set track_commit_timestamp = on`
  await stack.stack.stop('postgres')
  await stack.stack.start('postgres')
}

/** In place of the recurrer: when each event arrived. */
async function startWitness(stack: TestStack): Promise<Map<string, number>> {
  const arrivedAt = new Map<string, number>()
  const handler = async (event: EventRecord) => {
    if (!arrivedAt.has(event.eventId)) arrivedAt.set(event.eventId, exactNow())
    return 'ok' as const
  }
  const inbox = createDaprInbox({
    appToken: stack.secrets.appApiToken,
    log,
    handlers: { 'task-events': handler },
  })
  await stack.serveApp('recurrer', inbox)
  return arrivedAt
}

type Scene = {
  stack: TestStack
  db: Db
  url: string
  owners: Owner[]
  arrivedAt: Map<string, number>
  acknowledgedAt: Map<string, number>
}

async function measureRate(scene: Scene, rate: number): Promise<void> {
  const { stack, db, url, owners, arrivedAt, acknowledgedAt } = scene
  const [newest] = await db<{ id: number }[]>`select max(id) as id from events`
  const [used, own] = [usageOf(stack.stack), process.cpuUsage()]
  const load = await changeAt(url, owners, rate, seconds)
  const usage = usageOf(stack.stack)
  const mine = process.cpuUsage(own)
  await drained(db)
  const events = await db<{ event_id: string; at: number }[]>`
    select event_id, extract(epoch from pg_xact_commit_timestamp(xmin))::float8 * 1000 as at
    from events where id > ${newest!.id} order by id`
  const end = Date.now() + 20_000
  while (events.some(({ event_id }) => !arrivedAt.has(event_id)) && Date.now() < end) await sleep(100)
  const times = (seen: Map<string, number>) =>
    events.flatMap(({ event_id, at }) => (seen.has(event_id) ? [seen.get(event_id)! - at] : []))
  const [acknowledged, handled] = [times(acknowledgedAt), times(arrivedAt)]
  const lost = 2 * events.length - acknowledged.length - handled.length
  const faults = load.refused + lost > 0 ? `, ${load.refused} refused, ${lost} missing` : ''
  const behind = load.maxBehindMs > 100 ? `, load ${ms(load.maxBehindMs)} ms behind` : ''
  say(
    `| ${rate} (${events.length} events${faults}${behind}) | ${percentiles(acknowledged)} | ${percentiles(handled)} |`,
  )
  for (const [name, { megabytes, cpuSeconds }] of usage) {
    const cpu = (100 * (cpuSeconds - (used.get(name) as Usage).cpuSeconds)) / seconds
    tell(`${rate}/s ${name.padEnd(16)} ${cpu.toFixed(0)} % CPU, ${megabytes.toFixed(0)} MB`)
  }
  const cpu = (mine.user + mine.system) / 10_000 / seconds
  tell(`${rate}/s this benchmark   ${cpu.toFixed(0)} % CPU`)
}

const tell = (line: string) => void process.stderr.write(`  ${line}\n`)

/** One row at a time in a transaction of its own: what the disk costs. A change is timed from before its commit. */
async function bareCommits(db: Db): Promise<number[]> {
  const times: number[] = []
  await db`create table bench_commits (n int)`
  for (let n = 0; n < 50 * Math.min(seconds, 10); n++) {
    const began = performance.now()
    await db`insert into bench_commits values (${n})`
    times.push(performance.now() - began)
    await sleep(Math.max(0, 20 - (performance.now() - began)))
  }
  return times
}

/** One event at a time to the sidecar, of the same size: what the way over the bus costs without us. */
async function barePublications(stack: TestStack): Promise<number[]> {
  const bus = createDaprBus({
    sidecar: stack.sidecar('server'),
    apiToken: stack.secrets.daprApiToken,
    topicFor: () => probeTopic,
  })
  const times: number[] = []
  const signal = new AbortController().signal
  for (let n = 0; n < 50 * Math.min(seconds, 10); n++) {
    const began = performance.now()
    await bus.publish([taskEvent(n, 1)], signal)
    times.push(performance.now() - began)
    await sleep(Math.max(0, 20 - (performance.now() - began)))
  }
  await bus.close()
  return times
}

/** Events wait while the sidecar is away; how fast one relay empties the outbox when it is back. */
async function measureDrain(stack: TestStack, db: Db, url: string): Promise<void> {
  await stack.stack.stop('daprd-server')
  await db`
    with made as (
      insert into events (user_id, task_id, type, version, change_id, data)
      select t.user_id, t.id, 'task.updated', 1000000 + n, gen_random_uuid(), e.data
      from generate_series(1, ${backlog / 500}) n, (select * from tasks order by id limit 500) t
        join lateral (select data from events where task_id = t.id order by id desc limit 1) e on true
      order by n, t.id returning id, task_id
    )
    insert into outbox (id, task_id) select id, task_id from made`
  const published = () => readMetric(url, 'todo_relay_published_total')
  await stack.stack.start('daprd-server')
  const before = await published()
  while ((await published()) === before) await sleep(20)
  const [began, from] = [performance.now(), await published()]
  await drained(db)
  const count = (await published()) - from
  const perSecond = count / ((performance.now() - began) / 1000)
  say(`One relay drains a backlog of ${backlog} at ${perSecond.toFixed(0)} events/s (500 tasks).`)
}

async function measureState(stack: TestStack): Promise<void> {
  say(`\n| state store | at once | p50 / p95 / p99 ms |`)
  say(`| --- | ---: | ---: |`)
  const client = createGuardedClient({
    sidecar: stack.sidecar('server'),
    apiToken: stack.secrets.daprApiToken,
  })
  const timings = new Map<string, number[]>()
  const state = createDaprState(client, {
    observe: (operation, took) => timings.set(operation, [...(timings.get(operation) ?? []), took]),
  })
  await state.get('first')
  for (const callers of [1, 16, 50]) {
    timings.clear()
    const work = async (caller: number) => {
      for (let n = 0; n < 600 / callers; n++) {
        const name = `${callers}-${caller}-${n}`
        await state.put(`a-${name}`, 'value', 60)
        await state.get(`a-${name}`)
        await state.putIfAbsent(`b-${name}`, 'value', 60)
      }
    }
    await Promise.all(Array.from({ length: callers }, (_, caller) => work(caller)))
    for (const [operation, all] of timings) say(`| ${operation} | ${callers} | ${percentiles(all)} |`)
  }
  await client.close()
}

async function drained(db: Db): Promise<void> {
  for (;;) {
    const [row] = await db<{ waiting: boolean }[]>`select exists (select from outbox) as waiting`
    if (!row!.waiting) return
    await sleep(10)
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`events: ${error instanceof Error ? error.stack : String(error)}\n`)
  process.exitCode = 1
})
