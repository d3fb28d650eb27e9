import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Agent, request } from 'undici'
import { createNotifier, type Notifier } from '../notifier/app.ts'
import { createWebhookAgent } from '../notifier/channels/guard.ts'
import { createWebhook } from '../notifier/channels/webhook.ts'
import { connect, type Db } from '../shared/db/connect.ts'
import { startPostgres } from '../shared/db/embedded.ts'
import { migrateUp } from '../shared/db/migrate.ts'
import { addChannel, createNotification, createUser, silentLog } from '../test/support/notifications.ts'
import { type Endpoints, startEndpoints } from './notify/endpoints.ts'

// How fast notifications leave, on a Postgres that syncs to disk: 10,000 that are waiting (webhooks per second, against
// bare POSTs of the same bytes to the same sink), and 10,000 at a steady rate of which one in a hundred goes to a dead
// endpoint (time from event to arrival of the others, against the same without dead ones). `COUNT RATE` as arguments.

const count = Number(process.argv[2] ?? 10_000)
const rate = Number(process.argv[3] ?? 250)
const users = 200
const signal = new AbortController().signal

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'todo-bench-'))
  const postgres = await startPostgres({
    dataDir: join(folder, 'data'),
    socketDir: join(folder, 'run'),
    logFile: join(folder, 'postgres.log'),
  })
  const db = connect({ socketDir: postgres.socketDir, port: postgres.port }, { max: 6, name: 'todo-bench' })
  const endpoints = await startEndpoints()
  try {
    await migrateUp(db)
    await burst(db, endpoints)
    await steady(db, endpoints)
  } finally {
    await endpoints.stop()
    await db.end({ timeout: 2 })
    await postgres.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

/** A notifier with real webhooks; `during` may hand events to it. */
async function running(db: Db, during: (notifier: Notifier) => Promise<void>): Promise<void> {
  const agent = createWebhookAgent({ allowPrivate: true })
  const senders = {
    webhook: createWebhook({ agent, allowPrivate: true }),
    email: null,
    push: null,
    desktop: null,
  }
  const notifier = createNotifier({ db, log: silentLog, senders, attemptMs: 14_000 })
  const stop = new AbortController()
  const stopped = notifier.run(stop.signal)
  try {
    await during(notifier)
  } finally {
    stop.abort()
    await stopped
    await agent.destroy()
  }
}

/** Users with one webhook each; every hundredth has a dead one, half of which hang and half refuse. */
async function makeUsers(
  db: Db,
  endpoints: Endpoints,
  withDead: boolean,
): Promise<{ id: string; isDead: boolean }[]> {
  return Promise.all(
    Array.from({ length: users }, async (_, n) => {
      const isDead = withDead && n % 100 === 0
      const target = isDead ? (n % 200 === 0 ? endpoints.hanging : endpoints.refusing) : endpoints.live(n)
      const id = await createUser(db)
      await addChannel(db, id, { kind: 'webhook', target, events: ['notification.send'] })
      return { id, isDead }
    }),
  )
}

async function burst(db: Db, endpoints: Endpoints): Promise<void> {
  const owners = await makeUsers(db, endpoints, false)
  const idle = createNotifier({
    db,
    log: silentLog,
    senders: { webhook: null, email: null, push: null, desktop: null },
  })
  for (let n = 0; n < count; n++) await idle.handle(createNotification(owners[n % users]!.id), signal)
  const bare = await barePosts(endpoints)
  const before = endpoints.arrivals()
  const began = performance.now()
  let seconds = 0
  await running(db, async () => {
    await endpoints.until(() => endpoints.arrivals() >= before + count)
    seconds = (performance.now() - began) / 1000
  })
  const perSecond = count / seconds
  print(
    `${count} waiting`,
    `${perSecond.toFixed(0)} webhooks/s`,
    `${(perSecond / bare).toFixed(2)} of bare POSTs (${bare.toFixed(0)}/s)`,
  )
}

/** What the sink takes without queue, log and signature, with as many at once as the notifier has places. */
async function barePosts(endpoints: Endpoints): Promise<number> {
  const agent = new Agent()
  const body = JSON.stringify(createNotification(crypto.randomUUID()).data)
  const began = performance.now()
  let next = 0
  const work = async (): Promise<void> => {
    while (next < count) {
      const url = endpoints.live(next++ % users)
      const answer = await request(url, { dispatcher: agent, method: 'POST', body })
      await answer.body.dump()
    }
  }
  await Promise.all(Array.from({ length: 64 }, work))
  const perSecond = count / ((performance.now() - began) / 1000)
  await agent.destroy()
  return perSecond
}

async function steady(db: Db, endpoints: Endpoints): Promise<void> {
  const without = await handOffs(db, endpoints, false)
  const withDead = await handOffs(db, endpoints, true)
  print(`${count} at ${rate}/s, none dead`, describe(without), 'the baseline')
  const ratio = quantile(withDead, 0.99) / quantile(without, 0.99)
  print(`${count} at ${rate}/s, 1 % dead`, describe(withDead), `p99 ${ratio.toFixed(2)} of the baseline`)
}

/** Milliseconds from the event to its arrival, for everybody whose endpoint lives. Open loop: nobody waits. */
async function handOffs(db: Db, endpoints: Endpoints, withDead: boolean): Promise<number[]> {
  const owners = await makeUsers(db, endpoints, withDead)
  const givenAt = new Map<string, number>()
  await running(db, async (notifier) => {
    const began = Date.now()
    const handled: Promise<unknown>[] = []
    for (let n = 0; n < count; n++) {
      const wait = began + (n * 1000) / rate - Date.now()
      if (wait > 1) await sleep(wait)
      const owner = owners[n % users]!
      const event = createNotification(owner.id)
      if (!owner.isDead) givenAt.set(event.eventId, Date.now())
      handled.push(notifier.handle(event, signal))
    }
    await Promise.all(handled)
    await endpoints.until(() => [...givenAt.keys()].every((id) => endpoints.arrivedAt.has(id)))
  })
  return [...givenAt].map(([id, at]) => endpoints.arrivedAt.get(id)! - at).sort((a, b) => a - b)
}

const quantile = (sorted: number[], q: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))]!

const describe = (sorted: number[]): string =>
  `hand-off p50 ${quantile(sorted, 0.5)} ms, p99 ${quantile(sorted, 0.99)} ms, max ${sorted.at(-1)} ms`

const print = (...columns: string[]): void => void process.stdout.write(`notify: ${columns.join(' · ')}\n`)

await main()
