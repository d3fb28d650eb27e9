import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { TaskQuery } from '../../shared/api/task.ts'
import type { Sql } from '../../shared/db/connect.ts'
import { createTestApi } from '../../test/support/api.ts'
import { listTasks } from './repository.ts'

// What a list reads is counted by the database itself, so that it is the same on a slow machine.

const { db, ann } = await createTestApi()
const tasks = 20_000

before(async () => {
  await db`
    insert into tasks (user_id, title, status, completed_at, due_date)
    select ${ann.id}, 'task ' || n, case when n % 100 = 0 then 'done' else 'todo' end,
           case when n % 100 = 0 then now() end, case when n % 2 = 1 then date '2999-01-01' - n end
    from generate_series(1, ${tasks}::integer) n`
  await db`insert into tags (user_id, name) select ${ann.id}, unnest(array['often', 'seldom'])`
  await db`
    insert into task_tags (user_id, task_id, tag_id)
    select t.user_id, t.id, g.id from tasks t join tags g on g.user_id = t.user_id
    where g.name = 'often' or t.id % 5000 = 1`
  await db`analyze tasks, task_tags, tags`
})

type Read = { rows: number; lookups: number }
type Reads = { found: number; tasks: Read; links: Read }

/** What this transaction has read so far of a table: rows, and how often it looked into an index. */
async function readOf(sql: Sql, table: 'tasks' | 'task_tags'): Promise<Read> {
  const [row] = await sql<Read[]>`
    select seq_tup_read + coalesce(idx_tup_fetch, 0) as rows, coalesce(idx_scan, 0) as lookups
    from pg_stat_xact_user_tables where relname = ${table}`
  return row!
}

const less = (after: Read, before: Read): Read => ({
  rows: after.rows - before.rows,
  lookups: after.lookups - before.lookups,
})

async function reads(query: TaskQuery): Promise<Reads> {
  return db.begin(async (sql) => {
    const before = [await readOf(sql, 'tasks'), await readOf(sql, 'task_tags')] as const
    const { items } = await listTasks(sql, ann.id, query)
    return {
      found: JSON.parse(`[${items}]`).length,
      tasks: less(await readOf(sql, 'tasks'), before[0]),
      links: less(await readOf(sql, 'task_tags'), before[1]),
    }
  })
}

test('a page of a column of the board reads its own tasks and no others, from both ends', async () => {
  for (const sort of ['position', '-position'] as const) {
    const { found, tasks: read } = await reads({ status: 'todo', sort, limit: 64 })
    assert.equal(found, 64)
    assert.ok(read.rows < 100, `${read.rows} rows by ${sort}`)
  }
})

test('an empty column reads nothing, and that of the done tasks little', async () => {
  const none = await reads({ status: 'doing', sort: 'position', limit: 64 })
  assert.deepEqual([none.found, none.tasks.rows], [0, 0])
  const done = await reads({ status: 'done', sort: '-updated', limit: 64 })
  assert.equal(done.found, 64)
  assert.ok(done.tasks.rows < 1_000, `${done.tasks.rows} rows`)
})

test('a tag that few tasks have is not looked for in one task after the other', async () => {
  const queries: TaskQuery[] = [
    { tag: ['seldom'], status: 'todo', sort: 'position' },
    { filter: 'status:todo +seldom', sort: 'position' },
    { filter: 'status:todo +nosuch', sort: '-position' },
  ]
  for (const query of queries) {
    const { links } = await reads({ ...query, limit: 64 })
    assert.ok(links.lookups < tasks / 10, `${links.lookups} times ${JSON.stringify(query)}`)
  }
})

test('a few days are found among years by the index of due dates', async () => {
  const queries: TaskQuery[] = [
    { filter: 'due:2998-12-31' },
    { filter: 'due.before:2944-05-01', time_zone: 'Asia/Tokyo' },
    { filter: 'due.by:2944-04-30T12:00:00Z' },
    { filter: 'due.from:2998-11-01 due.by:2998-12-01' },
    { due_from: '2998-12-01', due_to: '2998-12-31' },
    { overdue: 'true' },
  ]
  for (const query of queries) {
    const { found, tasks: read } = await reads({ ...query, status: 'todo,doing', sort: 'due', limit: 200 })
    assert.ok(read.rows < 300, `${read.rows} rows for ${found} of ${JSON.stringify(query)}`)
    assert.equal(found > 0, query.overdue === undefined)
  }
})
