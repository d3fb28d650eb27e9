import type { Db, Sql } from '../shared/db/connect.ts'
import type { Emit } from '../shared/db/outbox.ts'
import type { TaskEventName } from '../shared/events.ts'
import type { Deps } from './deps.ts'
import type { Request } from './mount.ts'

/** Who changes and within what: one `changeId` is one unit of undo. A dry run stores nothing. */
export type Change = { userId: string; changeId: string; traceparent: string | null; dryRun: boolean }

export type WriteDeps = Pick<Deps, 'db' | 'onCommit'>

type Asked = Pick<Request, 'userId' | 'traceparent'> & {
  query?: { dry_run?: string | undefined } | undefined
}

export const changeOf = (request: Asked): Change => ({
  userId: request.userId,
  changeId: crypto.randomUUID(),
  traceparent: request.traceparent,
  dryRun: request.query?.dry_run === 'true',
})

export const emitOf = (change: Change, type: TaskEventName): Emit => ({
  type,
  source: 'server',
  changeId: change.changeId,
  traceparent: change.traceparent,
})

/** Does the work for its answer and takes it back. */
export async function rolledBack<T>(db: Db, work: (sql: Sql) => Promise<T>): Promise<T> {
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
