import postgres from 'postgres'
import { AppError } from '../errors.ts'
import { createTurns, type TurnCounts } from './turns.ts'

/** A server by URL (`postgres://…`, also with `?host=/folder` for a socket), or one on a Unix socket. */
export type DatabaseTarget = string | { socketDir: string; port: number; database?: string; user?: string }

export type ConnectOptions = {
  /** Most connections at once; on two cores 4–6 give the best throughput. */
  max: number
  /** Shown in pg_stat_activity, e.g. `todo-server`. */
  name: string
  /** 0 = none (migrations). Default 10 seconds. */
  statementTimeoutMs?: number
  /** Close connections unused for so long; 0 = never, the default. */
  idleTimeoutSec?: number
  /** The same for all connections but the first, which serves what comes one by one. */
  spareTimeoutSec?: number
  /** The server ends a connection from which it has heard nothing for so long. Default never. */
  idleSessionMs?: number
  /** False: a commit does not wait for the disk, and a crash of the server may take the last ones back. Default true. */
  waitsForDisk?: boolean
  /** How long a transaction waits for its turn before it fails with `unavailable`. Default 10 seconds. */
  waitMs?: number
  /** Called whenever a connection has closed, for whatever reason. */
  onClose?: () => void
}

const types = {
  /** Ids and counts stay far below 2^53; a string would reach the wire as one. */
  bigint: { to: 20, from: [20], parse: Number, serialize: String },
  /** A date has no zone: as a Date it would move by a day west of Greenwich. */
  day: { to: 1082, from: [1082], parse: (value: string) => value, serialize: String },
}

/** bigint is read as number and date as `YYYY-MM-DD`; timestamps are Dates. */
export type Db = postgres.Sql<{ bigint: number; day: string }>

/** What a query needs: a pool, a reserved connection and a transaction alike. */
export type Sql = postgres.ISql<{ bigint: number; day: string }>

/** A piece of SQL inside another query. */
export type Fragment = postgres.Fragment

/** Text of our own (names, whitelisted words) as a piece of SQL; never anything a user sent. */
export const raw = (sql: Sql, text: string): Fragment => sql.unsafe(text) as unknown as Fragment

/**
 * For a statement whose shape hardly comes again: it is not kept prepared, since every connection keeps what it has
 * prepared for as long as it lives.
 */
export const unprepared = <T extends object>(query: T): T => {
  const { options } = query as unknown as { options: { prepare?: boolean } }
  options.prepare = false
  return query
}

/**
 * A page anywhere costs hardly more than the next one, in memory and on flash alike. By Postgres' default, meant for
 * turning disks, a table of some pages is best read whole, and a session goes on to do so for each check of a foreign key
 * when the table has grown: to import 10,000 tasks into a list of 60 took eight times as long as into an empty one.
 */
const randomPageCost = 1.1

/** Seconds before attempt `n`: the server is on this machine or near, so 20 ms, doubling up to one second. */
const backoff = (attempt: number): number => Math.min(0.02 * 2 ** attempt, 1) * (0.75 + Math.random() / 2)

/**
 * A pool that connects on first use. A lost connection fails the statements on it; the next ones connect again.
 * `prepare=false` in the URL turns named statements off, for poolers that cannot keep them.
 */
export const connect = (target: DatabaseTarget, options: ConnectOptions): Db => {
  const { url, ...where } = typeof target === 'string' ? fromUrl(target) : fromSocket(target)
  const settings = {
    ...where,
    types,
    max: options.max,
    backoff: backoff as (attempt: number) => number,
    connect_timeout: 10,
    idle_timeout: options.idleTimeoutSec ?? 0,
    ...(options.spareTimeoutSec !== undefined && { spare_timeout: options.spareTimeoutSec }),
    // The driver prints notices to stdout otherwise, where only a command's answer belongs.
    onnotice: () => {},
    onclose: () => options.onClose?.(),
    connection: {
      application_name: options.name,
      statement_timeout: options.statementTimeoutMs ?? 10_000,
      idle_in_transaction_session_timeout: 60_000,
      ...(options.idleSessionMs !== undefined && { idle_session_timeout: options.idleSessionMs }),
      ...(options.waitsForDisk === false && { synchronous_commit: 'off' }),
      random_page_cost: randomPageCost,
      TimeZone: 'UTC',
    },
  }
  const db = (url === null ? postgres(settings) : postgres(url, settings)) as unknown as Db
  return inTurns(db, options)
}

const transactions = new WeakMap<Db, () => TurnCounts>()

/** How busy the transactions of a pool are. */
export const transactionsOf = (db: Db): TurnCounts | undefined => transactions.get(db)?.()

/**
 * Transactions wait for their turn for so long and no longer, where the driver would let them wait for ever; and one
 * connection is left to single statements, so that a pool full of waiting writers still reads.
 */
const inTurns = (db: Db, { max, waitMs = 10_000 }: ConnectOptions): Db => {
  const turns = createTurns(Math.max(1, max - 1), waitMs)
  const begin = db.begin.bind(db) as (...args: unknown[]) => Promise<unknown>
  db.begin = ((...args: unknown[]) => turns.take(() => begin(...args))) as Db['begin']
  transactions.set(db, turns.counts)
  return db
}

const fromSocket = (target: Exclude<DatabaseTarget, string>) => ({
  url: null,
  host: target.socketDir,
  port: target.port,
  user: target.user ?? 'todo',
  database: target.database ?? 'postgres',
  // Named although empty: the driver would take them from the caller's PG* variables.
  password: 'none',
  ssl: false as const,
})

/** The driver knows no socket folder in a URL, neither `?host=/run/postgresql` nor `%2Frun%2Fpostgresql`. */
const fromUrl = (text: string) => {
  // A user without a host (`postgres://me@/db?host=…`) is common with sockets, but no valid URL.
  const url = URL.parse(text.replace('@/', '@localhost/'))
  if (url === null || !/^postgres(ql)?:$/.test(url.protocol)) {
    throw new AppError('invalid', 'The database URL is not understood', {
      hint: 'Give it as postgres://user:password@host:5432/database',
      reason: 'bad_database_url',
    })
  }
  const host = url.searchParams.get('host') ?? decodeURIComponent(url.hostname)
  const port = url.searchParams.get('port') ?? url.port
  if (!host.startsWith('/')) return { url: text }
  url.searchParams.delete('host')
  url.searchParams.delete('port')
  url.hostname = 'localhost'
  return { url: url.href, host, port: Number(port) || 5432 }
}
