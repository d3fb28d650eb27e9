import type { Project } from '../../shared/api/project.ts'
import type { Sql } from '../../shared/db/connect.ts'

export const listProjects = (sql: Sql, userId: string, after: string, limit: number): Promise<Project[]> =>
  sql<Project[]>`
    select t.project as name, count(*) as task_count from tasks t
    where t.user_id = ${userId} and t.deleted_at is null and t.status <> 'done' and t.project > ${after}
    group by t.project order by t.project limit ${limit}`
