import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { startConsumer } from '../support/consumer.ts'
import { freePort } from '../support/ports.ts'
import { createTemplate, createUser, daysOf, instancesOf } from '../support/recurrence.ts'
import { startTestStack } from '../support/stack.ts'
import { openDatabase, servicesOf, skewedRecurrer } from '../support/stack-api.ts'

// Two recurrers on one database; the clock of the second is five minutes ahead. What is due is the database's to say.
const recurrers = ['recurrer', 'recurrer-2']
const port = await freePort()
const stack = await startTestStack({
  start: [['postgres', 'kafka']],
  extra: (place) => [...servicesOf('server', 'recurrer')(place), skewedRecurrer(port, 5)(place)],
})
const db = await openDatabase(stack)
const ann = await createUser(db)

/** Every template that was due is done. */
async function settled(ms = 60_000): Promise<void> {
  const end = Date.now() + ms
  for (;;) {
    const [row] = await db<{ due: number }[]>`
      select count(*) as due from recurring_tasks where is_active and next_run_at <= now()`
    if (row!.due === 0) return
    assert.ok(Date.now() < end, `${row!.due} templates are still due`)
    await sleep(50)
  }
}

/** A number from 0 to 1 that is another one each time and the same in every run. */
let turn = 0
const spread = () => (turn += 0.618_033_99) % 1

test('two recurrers with clocks five minutes apart, killed at any moment: one instance, event and publication of each occurrence, all on the bus in order', async (t) => {
  const templates = 1_200
  const one = await createTemplate(db, ann, { dueDays: 3, catch_up: 'all' })
  await db`
    insert into recurring_tasks (user_id, template_title, recurrence_pattern, time_zone, start, catch_up,
                                 next_occurrence, next_run_at)
    select user_id, 'Copy ' || n, recurrence_pattern, time_zone, start, catch_up, next_occurrence, next_run_at
    from recurring_tasks, generate_series(2, ${templates}) as n where id = ${one}`
  const early = await createTemplate(db, ann)
  await db`update recurring_tasks set next_run_at = now() + interval '4 minutes' where id = ${early}`
  await stack.stack.start('server', 'daprd-server', 'daprd-notifier')
  const consumer = await startConsumer(stack, 'notifier')
  let kills = 0
  for (let round = 0; round < 8; round++) {
    await stack.stack.start(...recurrers)
    await sleep(50 + spread() * 500)
    for (const name of recurrers) kills += Number(await stack.stack.kill(name))
  }
  await stack.stack.start(...recurrers, 'daprd-recurrer')
  await settled()
  const [counts] = await db`
    select count(*) as tasks, count(distinct (recurring_task_id, occurrence_at)) as occurrences,
           count(distinct recurring_task_id) as templates from tasks`
  assert.deepEqual(counts, { tasks: templates * 4, occurrences: templates * 4, templates })
  const { events } = await consumer.check(db, 60_000)
  assert.equal(events, templates * 4)
  const [plan] = await db`select next_run_at > now() as waits from recurring_tasks where id = ${early}`
  assert.deepEqual(plan, { waits: true })
  t.diagnostic(`${templates * 4} instances, ${kills} kills`)
})

test('after three days of downtime each template gets what its catch_up says, and goes on', async () => {
  for (const name of recurrers) await stack.stack.kill(name)
  const ids = {
    latest: await createTemplate(db, ann, { dueDays: 3, catch_up: 'latest' }),
    all: await createTemplate(db, ann, { dueDays: 3, catch_up: 'all' }),
    none: await createTemplate(db, ann, { dueDays: 3, catch_up: 'none' }),
  }
  const minutely = await createTemplate(db, ann, {
    dueDays: 3,
    catch_up: 'all',
    recurrence_pattern: 'custom',
    cron_expression: '* * * * *',
  })
  await stack.stack.start(...recurrers)
  await settled()
  assert.deepEqual(await daysOf(db, ids.latest), [0])
  assert.deepEqual(await daysOf(db, ids.all), [-3, -2, -1, 0])
  // On the first minutes of a day the newest occurrence is on time and no missed one.
  assert.ok((await daysOf(db, ids.none)).every((day) => day === 0))
  const [many] = await db<{ made: number; missed: number }[]>`
    select (select count(*) from tasks where recurring_task_id = t.id) as made, t.missed
    from recurring_tasks t where t.id = ${minutely}`
  assert.ok(many!.made >= 100 && many!.made <= 105, `${many!.made} of the minutes of three days`)
  // More than a thousand are not counted.
  assert.equal(many!.missed, 1_000)
})

test('what nobody tells the recurrers of is found by the clock of the sidecar', async (t) => {
  const began = Date.now()
  const id = await createTemplate(db, ann)
  while ((await instancesOf(db, id)).length === 0) {
    assert.ok(Date.now() - began < 20_000, 'the instance is there')
    await sleep(20)
  }
  t.diagnostic(`${Date.now() - began} ms after it fell due; the clock ticks each second here`)
})
