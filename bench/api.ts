import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { connect, type Db } from '../shared/db/connect.ts'
import { startPostgres } from '../shared/db/embedded.ts'
import { migrateUp } from '../shared/db/migrate.ts'
import { emailOf, fill, type Person, password, register } from './api/people.ts'
import { type Running, startRaw, startServer } from './api/servers.ts'
import { ask, closedLoop, type Load, type MakeRequest, openLoop, requestText } from './support/load.ts'
import { median, quantile } from './support/measure.ts'

// The API with sign-in on, beside the same SQL on a bare node:http server: all in one run, in turns, on a Postgres that
// syncs to disk. Options: --tasks 1000000 --rounds 30 --seconds 0.6

const { values } = parseArgs({
  options: {
    tasks: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '30' },
    seconds: { type: 'string', default: '0.6' },
  },
})
const rounds = Number(values.rounds)
const ms = Number(values.seconds) * 1000
const connections = 32
const warmUpMs = 4_000

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'todo-bench-'))
  const postgres = await startPostgres({
    dataDir: join(folder, 'data'),
    socketDir: join(folder, 'run'),
    logFile: join(folder, 'postgres.log'),
  })
  const url = `postgres://todo@/postgres?host=${postgres.socketDir}`
  const db = connect(url, { max: 1, name: 'todo-bench', statementTimeoutMs: 0 })
  try {
    await migrateUp(db)
    await compare(url, db)
  } finally {
    await db.end({ timeout: 2 })
    await postgres.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function compare(url: string, db: Db): Promise<void> {
  const starts = await startTimes(url)
  const { server } = await startServer(url)
  const rssStart = server.rssMb()
  const people = await register(server.port, connections)
  await fill(db, Number(values.tasks))
  const raw = await startRaw(url)
  try {
    const { post, list } = requestsOf(people)
    const alone = requestsOf(people.slice(0, 1))
    const rows = [
      row('list 50 tasks', await inTurns(server, raw, list)),
      row('create a task', await inTurns(server, raw, post)),
      row('create, all by one person', await inTurns(server, raw, alone.post)),
    ]
    const mixed: MakeRequest = (n) => (n % 4 === 0 ? post(n) : list(n))
    const steady: Steady = { api: [], raw: [] }
    for (let n = 0; n < 5; n += 1) {
      steady.api.push(await openLoop(server.port, mixed, { rate: 200, ms: 4_000 }))
      steady.raw.push(await openLoop(raw.port, mixed, { rate: 200, ms: 4_000 }))
    }
    const logins = await healthUnderLogins(server.port)
    const rss = { start: rssStart, end: server.rssMb(), raw: raw.rssMb() }
    print([...rows, ...belowTable(starts, steady, logins, rss)])
  } finally {
    await Promise.all([server.stop(), raw.stop()])
  }
}

/** Ours and the bare server get the same bytes; each takes from them whose request it is in its own way. */
function requestsOf(people: Person[]): { post: MakeRequest; list: MakeRequest } {
  const body = JSON.stringify({ title: 'Pay the rent', priority_id: 3, due_date: '2031-12-01' })
  const texts = people.map(({ id, token }) => {
    const headers = { authorization: `Bearer ${token}`, 'x-user': id, 'content-type': 'application/json' }
    return {
      post: requestText('POST', '/api/me/tasks', headers, body),
      list: requestText('GET', '/api/me/tasks?limit=50', headers),
    }
  })
  return { post: (n) => texts[n % texts.length]!.post, list: (n) => texts[n % texts.length]!.list }
}

type Round = Load & { cpuMs: number }
type Pair = { api: Round[]; raw: Round[] }

/**
 * A server runs for days, so first both get warm: the engine takes some thousand requests to compile what they use, and
 * the API is more to compile. Then short rounds in turns, so that whatever else the machine does meets both alike.
 */
async function inTurns(api: Running, raw: Running, make: MakeRequest): Promise<Pair> {
  const pair: Pair = { api: [], raw: [] }
  for (const { port } of [api, raw]) await closedLoop(port, make, { connections, ms: warmUpMs })
  const load = async (server: Running): Promise<Round> => {
    const before = server.cpuMs()
    const load = await closedLoop(server.port, make, { connections, ms })
    return { ...load, cpuMs: server.cpuMs() - before }
  }
  for (let round = 0; round < rounds; round += 1) {
    const order = round % 2 === 0 ? (['api', 'raw'] as const) : (['raw', 'api'] as const)
    for (const which of order) pair[which].push(await load(which === 'api' ? api : raw))
  }
  return pair
}

function row(name: string, { api, raw }: Pair): string {
  const ratio = median(api.map((load, n) => load.rps / raw[n]!.rps))
  const figures = (loads: Round[]) => {
    const rps = median(loads.map((load) => load.rps)).toFixed(0)
    const all = loads.flatMap((load) => load.latencies)
    const cpu = (loads.reduce((sum, load) => sum + load.cpuMs, 0) / all.length) * 1000
    return `${rps} | ${quantile(all, 0.99).toFixed(1)} | ${cpu.toFixed(0)}`
  }
  return `| ${name} | ${figures(api)} | ${figures(raw)} | ${(ratio * 100).toFixed(0)} % | ≥ 80 %: ${met(ratio >= 0.8)} |`
}

const met = (is: boolean) => (is ? 'met' : 'MISSED')

async function startTimes(url: string): Promise<number[]> {
  const times: number[] = []
  for (let n = 0; n < 7; n += 1) {
    const { server, listeningMs } = await startServer(url)
    times.push(listeningMs)
    await server.stop()
  }
  return times
}

type Logins = { answers: Record<number, number>; tookMs: number; health: number[] }

/** A hundred people sign in at the same moment, while somebody asks every 10 ms whether the server is well. */
async function healthUnderLogins(port: number): Promise<Logins> {
  const answers: Record<number, number> = {}
  const headers = { 'content-type': 'application/json' }
  const begin = performance.now()
  let running = true
  const logins = Promise.all(
    Array.from({ length: 100 }, async (_, n) => {
      const body = JSON.stringify({ email: emailOf(n % connections), password })
      const status = await ask(port, requestText('POST', '/api/auth/login', headers, body))
      answers[status] = (answers[status] ?? 0) + 1
    }),
  ).finally(() => {
    running = false
  })
  // Told below, when it is awaited; until then it must not end the process before it has cleaned up.
  logins.catch(() => {})
  const health: number[] = []
  while (running) {
    const { latencies } = await openLoop(port, () => requestText('GET', '/healthz'), { rate: 100, ms: 100 })
    health.push(...latencies)
  }
  await logins
  return { answers, tookMs: performance.now() - begin, health }
}

type Memory = { start: number; end: number; raw: number }

/** At 200 requests a second; the bare server shows what the machine and Postgres take of the time. */
type Steady = { api: Load[]; raw: Load[] }

function belowTable(starts: number[], steady: Steady, logins: Logins, rss: Memory): string[] {
  const each = (loads: Load[], q: number) => loads.map(({ latencies }) => quantile(latencies, q))
  const shown = (loads: Load[]) =>
    `${median(each(loads, 0.5)).toFixed(1)} ms, ${median(each(loads, 0.99)).toFixed(1)} ms (${Math.min(...each(loads, 0.99)).toFixed(1)} ms)`
  const p99 = median(each(steady.api, 0.99))
  const worst = Math.max(...logins.health)
  const told = Object.entries(logins.answers).map(([status, count]) => `${count} × ${status}`)
  const start = median(starts)
  return [
    '',
    '| | figure | target |',
    '| --- | ---: | --- |',
    `| 200 requests/s, one write in four, five times 4 s: p50, p99 (least p99) | ${shown(steady.api)} | p99 < 50 ms: ${met(p99 < 50)} |`,
    `| the same of the bare server | ${shown(steady.raw)} | |`,
    `| from the fork to listening, median of ${starts.length} (worst) | ${start.toFixed(0)} ms (${Math.max(...starts).toFixed(0)} ms) | < 500 ms: ${met(start < 500)} |`,
    `| /healthz during 100 sign-ins at once (${told.join(', ')}, ${(logins.tookMs / 1000).toFixed(1)} s): p50, worst | ${median(logins.health).toFixed(1)} ms, ${worst.toFixed(1)} ms | ≤ 200 ms: ${met(worst <= 200)} |`,
    `| memory (RSS) of the server after its start, after all this; of the bare one | ${rss.start.toFixed(0)} MB, ${rss.end.toFixed(0)} MB; ${rss.raw.toFixed(0)} MB | |`,
  ]
}

function print(rows: string[]): void {
  process.stdout.write(`${connections} connections of ${connections} people, ${rounds} rounds of ${values.seconds} s in turns, ${values.tasks} tasks of 100 people

| | API, req/s | p99, ms | CPU, µs | bare, req/s | p99, ms | CPU, µs | API / bare | target |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |
${rows.join('\n')}
`)
}

await main()
