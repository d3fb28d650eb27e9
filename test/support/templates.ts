import assert from 'node:assert/strict'
import type { createTestApi } from './api.ts'

/** The least that a template says. */
export const daily = { template_title: 'Water plants', recurrence_pattern: 'daily', time_zone: 'UTC' }

/** Each test has a person of its own, so that lists hold what it made. */
export async function createTemplateOwner({ call, person }: Awaited<ReturnType<typeof createTestApi>>) {
  const as = await person()
  const make = async (body: object, query = '') => {
    const answer = await call('POST', `recurring-tasks${query}`, { body: { ...daily, ...body }, as })
    assert.equal(answer.status, 201, answer.text)
    return answer.json
  }
  const get = async (id: number) => (await call('GET', `recurring-tasks/${id}`, { as })).json
  const tasks = async (id: number) =>
    (await call('GET', `tasks?recurring_task_id=${id}&sort=due&limit=200`, { as })).json.items
  const send = (method: string, path: string, body?: object, headers = {}) =>
    call(method, `recurring-tasks/${path}`, { as, headers, ...(body && { body }) })
  return { as, make, get, tasks, send }
}

const dayMs = 86_400_000
/** A local date or date-time of UTC, so many days from now. */
export const inDays = (days: number, time = '') =>
  new Date(Date.now() + days * dayMs).toISOString().slice(0, 10) + (time && `T${time}`)
