import type { TaskQuery } from '../../shared/api/task.ts'
import type { Sql } from '../../shared/db/connect.ts'
import { listTasks } from './repository.ts'

/** The first rows shall come at once, the others with few round trips. */
const firstRows = 1_000
const moreRows = 10_000

/** The whole list, or as much as `limit` says, as lines of JSON. No connection is held while the client reads. */
export async function* taskLines(
  sql: Sql,
  userId: string,
  { limit: most, ...query }: TaskQuery,
): AsyncGenerator<string> {
  let cursor = query.cursor
  for (let limit = most ?? firstRows; ; limit = moreRows) {
    const { items, nextCursor } = await listTasks(sql, userId, { ...query, cursor, limit }, '\n')
    yield items === '' ? '' : `${items}\n`
    if (nextCursor === null || most !== undefined) return
    cursor = nextCursor
  }
}
