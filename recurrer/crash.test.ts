import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { createLog } from '../shared/log.ts'
import { createDatabase } from '../test/support/postgres.ts'
import { createTemplate, createUser } from '../test/support/recurrence.ts'
import { generateDue } from './templates.ts'

const { db, target } = await createDatabase()
const running = new Set<ChildProcess>()
after(() => {
  for (const child of running) child.kill('SIGKILL')
})

const support = join(import.meta.dirname, '../test/support')
function start(minutes: number): ChildProcess {
  const clock = `${pathToFileURL(join(support, 'skewed-clock.ts'))}?minutes=${minutes}`
  const program = join(support, 'recurrer-process.ts')
  const child = spawn(process.execPath, ['--import', clock, program, JSON.stringify(target)], {
    stdio: 'ignore',
  })
  running.add(child)
  child.once('exit', () => running.delete(child))
  return child
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}

const rounds = 6
const templates = 1_500

test(`two recurrers with clocks five minutes apart, killed ${rounds} times: one task, event and publication of each occurrence`, async () => {
  const ann = await createUser(db)
  const one = await createTemplate(db, ann, { dueDays: 3, catch_up: 'all' })
  await db`
    insert into recurring_tasks (user_id, template_title, recurrence_pattern, time_zone, start, catch_up,
                                 next_occurrence, next_run_at)
    select user_id, 'Copy ' || n, recurrence_pattern, time_zone, start, catch_up, next_occurrence, next_run_at
    from recurring_tasks, generate_series(2, ${templates}) as n where id = ${one}`
  const future = await createTemplate(db, ann)
  await db`update recurring_tasks set next_run_at = now() + interval '4 minutes' where id = ${future}`
  for (let round = 0; round < rounds; round += 1) {
    const pair = [start(0), start(5)]
    // A kill has to fall anywhere, also into a transaction.
    await sleep(randomInt(250, 800))
    await Promise.all(pair.map(kill))
  }
  await generateDue({ db, log: createLog('test', { level: 'silent' }) }, new AbortController().signal)
  const [counts] = await db`
    select count(*) as tasks, count(distinct (recurring_task_id, occurrence_at)) as occurrences,
           count(distinct recurring_task_id) as templates from tasks`
  assert.deepEqual(counts, { tasks: templates * 4, occurrences: templates * 4, templates })
  const [events] = await db`
    select (select count(*) from events) as events, (select count(distinct task_id) from events) as told,
           (select count(*) from outbox) as pending`
  assert.deepEqual(events, { events: templates * 4, told: templates * 4, pending: templates * 4 })
})
