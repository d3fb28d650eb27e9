import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { remindDue } from '../recurrer/reminders.ts'
import { generateDue } from '../recurrer/templates.ts'
import { connect, type Db } from '../shared/db/connect.ts'
import { startPostgres } from '../shared/db/embedded.ts'
import { migrateUp } from '../shared/db/migrate.ts'
import { createLog } from '../shared/log.ts'
import { median } from './support/measure.ts'

// How fast the recurrer makes what is due at once, on a Postgres that syncs to disk, against the bare inserts of the
// same rows (task, event, publication) without an engine; and what a tick costs when nothing of a million templates is
// due. `DUE ALL` as arguments.

const due = Number(process.argv[2] ?? 100_000)
const all = Number(process.argv[3] ?? 1_000_000)
const users = 1_000
const log = createLog('bench', { level: 'silent' })
const signal = new AbortController().signal

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'todo-bench-'))
  const postgres = await startPostgres({
    dataDir: join(folder, 'data'),
    socketDir: join(folder, 'run'),
    logFile: join(folder, 'postgres.log'),
  })
  const db = connect(postgres, { max: 4, name: 'todo-bench', statementTimeoutMs: 0 })
  try {
    await migrateUp(db)
    await measure(db)
  } finally {
    await db.end({ timeout: 1 })
    await postgres.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function measure(db: Db): Promise<void> {
  await db`insert into users (email, time_zone) select n || '@example.org', 'Europe/Berlin' from generate_series(1, ${users}) n`
  await fill(db, all)
  const idle = await idleTicks(db)
  console.log(
    `idle tick over ${all} templates: median ${median(idle).toFixed(2)} ms, worst ${Math.max(...idle).toFixed(2)} ms (target < 50 ms)`,
  )
  await db`
    update recurring_tasks set next_run_at = date_trunc('day', now()), next_occurrence = date_trunc('day', now())
    where id <= ${due}`
  await db`vacuum analyze recurring_tasks`
  const bare = await timed(() => bareInserts(db))
  await db`truncate outbox, events, tasks cascade`
  const { ms, made } = await timed(() => generateDue({ db, log }, signal))
  console.log(
    `${made} due at once: ${(ms / 1000).toFixed(1)} s, ${Math.round((made / ms) * 1000)} instances/s (target < 60 s)`,
  )
  console.log(
    `the same rows without an engine: ${(bare.ms / 1000).toFixed(1)} s; ratio ${(ms / bare.ms).toFixed(2)}`,
  )
}

/** Templates of a thousand users, all of them in the future. */
const fill = (db: Db, count: number) => db`
  insert into recurring_tasks (user_id, template_title, recurrence_pattern, time_zone, start, next_occurrence, next_run_at)
  select u.ids[1 + n % ${users}], 'Water plants ' || n, 'daily', 'Europe/Berlin', '2026-01-01T08:00',
         now() + interval '1 day', now() + interval '1 day'
  from generate_series(1, ${count}) n, (select array_agg(id) as ids from users) u`

async function idleTicks(db: Db): Promise<number[]> {
  await db`vacuum analyze recurring_tasks`
  const times: number[] = []
  for (let n = 0; n < 50; n += 1) {
    const { ms } = await timed(
      async () => (await generateDue({ db, log }, signal)) + (await remindDue({ db }, signal)),
    )
    times.push(ms)
  }
  return times
}

/** In the recurrer's batches of 500, each its own transaction. */
async function bareInserts(db: Db): Promise<number> {
  for (let from = 0; from < due; from += 500) {
    await db`
      with task as (
        insert into tasks (user_id, title, due_at, occurrence_at, recurring_task_id)
        select user_id, template_title, next_occurrence, next_occurrence, id from recurring_tasks
        where id > ${from} and id <= ${from + 500} returning *
      ),
      event as (
        insert into events (user_id, task_id, type, version, source, change_id, data)
        select user_id, id, 'task.created', 1, 'recurrer', gen_random_uuid(), to_jsonb(task) from task
        returning id, task_id
      )
      insert into outbox (id, task_id) select id, task_id from event`
  }
  return due
}

async function timed(work: () => Promise<number>): Promise<{ ms: number; made: number }> {
  const begin = performance.now()
  const made = await work()
  return { ms: performance.now() - begin, made }
}

await main()
