import type { Priority } from '../../shared/api/priority.ts'
import type { Sql } from '../../shared/db/connect.ts'

/** Lowest first, from the id after `after` on. */
export const listPriorities = (sql: Sql, after = 0, limit = 200): Promise<Priority[]> =>
  sql<
    Priority[]
  >`select id, name, level, color from priorities where id > ${after} order by id limit ${limit}`
