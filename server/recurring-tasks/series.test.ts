import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestApi } from '../../test/support/api.ts'

const { call, db, person, another } = await createTestApi()

/** A template with its first task, of a person of its own. */
async function series(body: object = {}) {
  const as = await person()
  const made = await call('POST', 'recurring-tasks?first=true', {
    as,
    body: {
      template_title: 'Water plants',
      recurrence_pattern: 'daily',
      time_zone: 'UTC',
      start: today,
      anchor: 'completion',
      interval: 3,
      ...body,
    },
  })
  assert.equal(made.status, 201, made.text)
  const { first_task: first, id } = made.json
  const complete = (task: number, completed = true) =>
    call('PATCH', `tasks/${task}/complete`, { as, body: { completed } })
  const all = async () =>
    (await call('GET', `tasks?recurring_task_id=${id}&sort=created`, { as })).json.items as {
      id: number
      due_date: string
      status: string
      recurring_task_id: number
    }[]
  const open = async () => (await all()).filter(({ status }) => status !== 'done')
  const template = async () => (await call('GET', `recurring-tasks/${id}`, { as })).json
  return { as, id, first, complete, all, open, template }
}

const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
const today = day(0)

test('after completion the next task is due so long after the day of the completion', async () => {
  const { first, complete, template } = await series({ start: day(-1) })
  const { json, status } = await complete(first.id)
  assert.equal(status, 200)
  assert.deepEqual([json.task.status, json.next.due_date, json.next.status], ['done', day(3), 'todo'])
  assert.equal((await template()).next_occurrence, null)
})

test('the date of the completion is that of the zone of the template', async () => {
  const { first, complete } = await series({ time_zone: 'Pacific/Kiritimati', start: day(-1) })
  const local = new Intl.DateTimeFormat('en-CA', { timeZone: 'Pacific/Kiritimati' }).format(Date.now())
  const wanted = new Date(Date.parse(local) + 3 * 86_400_000).toISOString().slice(0, 10)
  assert.equal((await complete(first.id)).json.next.due_date, wanted)
})

test('a repeated completion answers the same and makes no second successor', async () => {
  const { first, complete, open } = await series()
  const one = await complete(first.id)
  assert.deepEqual((await complete(first.id)).json, one.json)
  assert.equal((await open()).length, 1)
})

test('two clients that complete the same task make one successor', async () => {
  const { as, first, open } = await series()
  const other = another()
  const clients = [call, other.call, call, other.call]
  const answers = await Promise.all(
    clients.map((ask) => ask('PATCH', `tasks/${first.id}/complete`, { as, body: {} })),
  )
  assert.deepEqual(new Set(answers.map(({ status, json }) => `${status} ${json.next.id}`)).size, 1)
  assert.equal((await open()).length, 1)
})

test('done, undo and done again make one successor, the same one', async () => {
  const { as, first, complete, open, template } = await series({ count: 3 })
  const one = (await complete(first.id)).json.next
  const undone = await call('POST', 'undo', { as, body: {} })
  assert.equal(undone.status, 200, undone.text)
  assert.deepEqual(
    (await open()).map(({ id }) => id),
    [first.id],
  )
  const two = (await complete(first.id)).json.next
  assert.equal(two.id, one.id)
  assert.deepEqual(
    (await open()).map(({ id }) => id),
    [one.id],
  )
  assert.equal((await template()).is_active, true)
  const [row] = await db`select generated from recurring_tasks where id = ${first.recurring_task_id}`
  assert.equal(row!.generated, 2)
})

test('reopening takes an untouched successor back, and leaves one that somebody changed', async () => {
  const { as, first, complete, open } = await series()
  const next = (await complete(first.id)).json.next
  await complete(first.id, false)
  assert.deepEqual(
    (await open()).map(({ id }) => id),
    [first.id],
  )
  await complete(first.id)
  await call('PATCH', `tasks/${next.id}`, { as, body: { title: 'Water them well' } })
  await complete(first.id, false)
  assert.deepEqual((await open()).map(({ id }) => id).toSorted(), [first.id, next.id].toSorted())
})

test('reopening a task from before the last one leaves what is open now', async () => {
  const { first, complete, open } = await series()
  const second = (await complete(first.id)).json.next
  const third = (await complete(second.id)).json.next
  await complete(first.id, false)
  assert.deepEqual((await open()).map(({ id }) => id).toSorted(), [first.id, third.id].toSorted())
})

test('completed before its time, the series goes on with the next date that is free', async () => {
  const { first, complete, open } = await series()
  const second = (await complete(first.id)).json.next
  const third = (await complete(second.id)).json.next
  assert.deepEqual([second.due_date, third.due_date], [day(3), day(6)])
  assert.equal((await open()).length, 1)
})

test('deleting the open task plans the next one; the series goes on', async () => {
  const { as, first, open, template } = await series()
  await call('DELETE', `tasks/${first.id}`, { as })
  assert.equal((await open()).length, 0)
  assert.equal((await template()).next_occurrence, `${day(3)}T00:00:00.000Z`)
})

test('a paused template makes no successor, and goes on when it is resumed', async () => {
  const { as, id, first, complete, template } = await series()
  await call('POST', `recurring-tasks/${id}/pause`, { as })
  assert.equal((await complete(first.id)).json.next, null)
  await call('POST', `recurring-tasks/${id}/resume`, { as })
  assert.notEqual((await template()).next_occurrence, null)
})

test('while a task is open nothing is planned, whatever is changed or resumed', async () => {
  const { as, id, template } = await series()
  await call('PATCH', `recurring-tasks/${id}`, { as, body: { interval: 5 } })
  assert.equal((await template()).next_occurrence, null)
  await call('POST', `recurring-tasks/${id}/pause`, { as })
  await call('POST', `recurring-tasks/${id}/resume`, { as })
  assert.equal((await template()).next_occurrence, null)
})

test('count ends a series that counts from completions', async () => {
  const { first, complete } = await series({ count: 2 })
  const second = (await complete(first.id)).json.next
  assert.equal((await complete(second.id)).json.next, null)
})

test('a rule that cannot be used any more stops its template, and the task is done all the same', async () => {
  const { first, complete, template } = await series()
  await db`update recurring_tasks set time_zone = 'Atlantis/Gone' where id = ${first.recurring_task_id}`
  const { status, json } = await complete(first.id)
  assert.deepEqual([status, json.task.status, json.next], [200, 'done', null])
  const stopped = await template()
  assert.equal(stopped.is_active, false)
  assert.match(stopped.last_error, /./)
})

test('by schedule, a completion answers the next open task, else when the next one is', async () => {
  const { as, id, first, complete } = await series({ anchor: 'schedule', interval: 1 })
  assert.deepEqual((await complete(first.id)).json.next, { occurrence_at: `${day(1)}T00:00:00.000Z` })
  const again = await series({ anchor: 'schedule', interval: 1, start: day(-2), catch_up: 'all' })
  const [one, two] = await again.all()
  assert.equal((await again.complete(one!.id)).json.next.id, two!.id)
  await call('POST', `recurring-tasks/${id}/pause`, { as })
  assert.equal((await complete(first.id)).json.next, null)
})

test('a completion in a batch makes the successor too, and undo of the batch takes it back', async () => {
  const { as, first, open } = await series()
  const batch = await call('POST', 'tasks/batch', {
    as,
    body: { operations: [{ op: 'complete', id: first.id }] },
  })
  assert.deepEqual([batch.json.results[0].status, batch.json.results[0].next.due_date], [200, day(3)])
  assert.deepEqual(
    (await open()).map(({ due_date }) => due_date),
    [day(3)],
  )
  await call('POST', 'undo', { as, body: {} })
  assert.deepEqual(
    (await open()).map(({ id }) => id),
    [first.id],
  )
})

test('an occurrence that was made ahead is not planned again by a pause', async () => {
  const { as, id, template } = await series({ anchor: 'schedule', interval: 1, start: day(2) })
  await call('POST', `recurring-tasks/${id}/pause`, { as })
  await call('POST', `recurring-tasks/${id}/resume`, { as })
  assert.equal((await template()).next_occurrence, `${day(3)}T00:00:00.000Z`)
})
