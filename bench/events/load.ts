import { setTimeout as sleep } from 'node:timers/promises'
import { Pool } from 'undici'
import { registerPerson } from '../../test/support/stack-api.ts'

export type Owner = { id: string; token: string; tasks: number[] }

/** Accounts with tasks to change. A user's writes wait for each other, so there are many. */
export async function makeOwners(url: string, users: number, tasksEach: number): Promise<Owner[]> {
  const owners: Owner[] = []
  for (let n = 0; n < users; n++) {
    const person = await registerPerson(url)
    const items = Array.from({ length: tasksEach }, (_, i) => ({ title: `task ${i}` }))
    const tasks = await Promise.all(items.map((item) => person.request('POST', '/tasks', item)))
    owners.push({ id: person.id, token: person.token, tasks: tasks.map(({ id }) => id as number) })
  }
  return owners
}

/** Titles are never written twice: a change that changes nothing makes no event. */
let written = 0

/** Above so many a second changes come in batches of ten, or a machine would do little else but answer requests. */
const mostRequests = 100
const batchSize = 10

/**
 * Changes titles `perSecond` times a second over the API, for so many seconds. Open loop: nobody waits for an answer,
 * so that a slow server does not slow the load. Answers how many changes were made and how many were refused.
 */
export async function changeAt(
  url: string,
  owners: Owner[],
  perSecond: number,
  seconds: number,
): Promise<{ made: number; refused: number; maxBehindMs: number }> {
  const pool = new Pool(url, { connections: 32 })
  const running = new Set<Promise<void>>()
  const size = perSecond > mostRequests ? batchSize : 1
  let [made, refused, maxBehindMs] = [0, 0, 0]
  const change = async (n: number) => {
    const owner = owners[n % owners.length]!
    const first = Math.floor(n / owners.length) * size
    const changes = Array.from({ length: size }, (_, i) => ({
      id: owner.tasks[(first + i) % owner.tasks.length]!,
      title: `change ${(written += 1)}`,
    }))
    const { statusCode, body } = await pool.request({
      ...requestOf(owner, changes),
      headers: { authorization: `Bearer ${owner.token}`, 'content-type': 'application/json' },
    })
    await body.dump()
    if (statusCode === 200) made += size
    else refused += size
  }
  const began = performance.now()
  for (let n = 0; n < (perSecond / size) * seconds; n++) {
    const wait = began + (n * 1000 * size) / perSecond - performance.now()
    if (wait > 1) await sleep(wait)
    maxBehindMs = Math.max(maxBehindMs, -wait)
    const one = change(n).catch(() => void (refused += size))
    running.add(one)
    void one.finally(() => running.delete(one))
  }
  await Promise.all(running)
  await pool.destroy()
  return { made, refused, maxBehindMs }
}

function requestOf({ id: user }: Owner, changes: { id: number; title: string }[]) {
  const [one] = changes
  if (changes.length === 1) {
    const body = JSON.stringify({ title: one!.title })
    return { path: `/api/${user}/tasks/${one!.id}`, method: 'PATCH' as const, body }
  }
  const operations = changes.map(({ id, title }) => ({ op: 'update', id, body: { title } }))
  return {
    path: `/api/${user}/tasks/batch`,
    method: 'POST' as const,
    body: JSON.stringify({ operations }),
  }
}
