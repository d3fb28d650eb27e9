import type { Db, Sql } from '../shared/db/connect.ts'
import { type Emit, lockUser } from '../shared/db/outbox.ts'
import type { TaskEventName } from '../shared/events.ts'
import type { Deps } from './deps.ts'
import type { Once } from './idempotency.ts'
import type { Request } from './mount.ts'

/** Who changes and within what: one `changeId` is one unit of undo. A dry run stores nothing. */
export type Change = {
  userId: string
  changeId: string
  traceparent: string | null
  dryRun: boolean
  /** Whose undo it belongs to: null is the person, on whatever device; each API token has its own. */
  actor: string | null
  /** The If-Match header: what the writer believes to change. */
  ifMatch: string | null
  /** The transaction that an Idempotency-Key has begun for this request. */
  within: Sql | null
  /** The Idempotency-Key under which the statement of this change keeps its answer. */
  once?: Once | null
}

export type WriteDeps = Pick<Deps, 'db' | 'onCommit'>

type Asked = Pick<Request, 'c' | 'principal' | 'userId' | 'traceparent' | 'within' | 'once'> & {
  query?: { dry_run?: string | undefined } | undefined
}

export const changeOf = (request: Asked): Change => ({
  userId: request.userId,
  changeId: crypto.randomUUID(),
  traceparent: request.traceparent,
  dryRun: request.query?.dry_run === 'true',
  actor: request.principal.kind === 'api_token' ? `token:${request.principal.tokenId ?? ''}` : null,
  ifMatch: request.c.req.header('if-match') ?? null,
  within: request.within,
  once: request.once,
})

export const emitEach = (change: Change): Omit<Emit, 'type'> => ({
  source: 'server',
  changeId: change.changeId,
  traceparent: change.traceparent,
  actor: change.actor,
})

export const emitOf = (change: Change, type: TaskEventName): Emit => ({ ...emitEach(change), type })

/**
 * Every write of more than one statement: a transaction under the user's lock, or the one that the request's
 * Idempotency-Key has begun. A dry run does the work for its answer and takes it back.
 */
export const transact = <T>(deps: WriteDeps, change: Change, work: (sql: Sql) => Promise<T>): Promise<T> =>
  transactUnlocked(deps, change, async (sql) => {
    await lockUser(sql, change.userId)
    return work(sql)
  })

/** The same for work that takes the lock itself, because it has long to do before it writes. */
export async function transactUnlocked<T>(
  deps: WriteDeps,
  change: Change,
  work: (sql: Sql) => Promise<T>,
): Promise<T> {
  if (change.dryRun) return rolledBack(deps.db, work)
  if (change.within !== null) return work(change.within)
  const result = (await deps.db.begin(work)) as T
  deps.onCommit()
  return result
}

async function rolledBack<T>(db: Db, work: (sql: Sql) => Promise<T>): Promise<T> {
  const dryRun = Symbol('dry run')
  let result: T | undefined
  try {
    await db.begin(async (sql) => {
      result = await work(sql)
      throw dryRun
    })
  } catch (error) {
    if (error !== dryRun) throw error
  }
  return result as T
}
