import type { Client } from './client.ts'

/** What a task must be in the end: one version for each change that was acknowledged. */
export type Expected = { id: number; title: string; done: boolean; deleted: boolean; version: number }

export type Writer = {
  /** One change, as often as it takes to have it acknowledged. */
  step: () => Promise<void>
  /** All that this writer has made. Titles are its own and never come twice. */
  tasks: Expected[]
  faults: string[]
}

/**
 * Creates tasks alone and in batches, renames them with and without If-Match, completes, reopens and deletes them and
 * takes a change back. It alone writes its tasks, so it knows after each answer what they must be.
 */
export function createWriter(name: string, client: Client): Writer {
  const tasks: Expected[] = []
  const faults: string[] = []
  let count = 0
  const title = () => `${name} ${(count += 1)}`
  const expect = (isRight: boolean, what: string, got: unknown) => {
    if (!isRight) faults.push(`${name}: ${what}: ${JSON.stringify(got)}`)
  }
  const made = (task: { id: number; title: string; version: number }) =>
    tasks.push({ id: task.id, title: task.title, done: false, deleted: false, version: 1 })
  const pathOf = ({ id }: Expected) => `/api/me/tasks/${id}`

  const create = async () => {
    const body = { title: title(), tags: ['chaos', `tag-${count % 7}`] }
    const { status, json } = await client('POST', '/api/me/tasks', body)
    expect(status === 201 && json.title === body.title, 'create', json)
    if (status === 201) made(json)
  }
  const batch = async () => {
    const operations = Array.from({ length: 3 }, () => ({ op: 'create', body: { title: title() } }))
    const { status, json } = await client('POST', '/api/me/tasks/batch', { operations, atomic: true })
    expect(status === 200 && json.results?.length === 3, 'batch', json)
    for (const { task } of json.results ?? []) made(task)
  }
  const rename = async (task: Expected) => {
    const wanted = title()
    const { status, json } = await client('PATCH', pathOf(task), { title: wanted })
    expect(status === 200 && json.title === wanted && json.version === task.version + 1, 'rename', json)
    Object.assign(task, { title: wanted, version: task.version + 1 })
  }
  /** A repeat is 412 when the first try was applied after all; then it must be ours that is there. */
  const renameOnce = async (task: Expected) => {
    const wanted = title()
    const first = await client('PATCH', pathOf(task), { title: wanted }, task.version)
    const lost = first.status === 412 && first.repeated
    const { status, json } = lost ? await client('GET', pathOf(task)) : first
    expect(status === 200 && json.title === wanted && json.version === task.version + 1, 'rename once', json)
    Object.assign(task, { title: wanted, version: task.version + 1 })
  }
  const toggle = async (task: Expected) => {
    const { status, json } = await client('PATCH', `${pathOf(task)}/complete`, { completed: !task.done })
    expect(status === 200 && json.task.version === task.version + 1, 'complete', json)
    Object.assign(task, { done: !task.done, version: task.version + 1 })
  }
  const remove = async (task: Expected) => {
    const { status, json, repeated } = await client('DELETE', pathOf(task))
    expect(status === 204 || (repeated && status === 404), 'delete', json)
    Object.assign(task, { deleted: true, version: task.version + 1 })
  }
  const renameAndUndo = async (task: Expected) => {
    const { title: before } = task
    await rename(task)
    const { status, json } = await client('POST', '/api/me/undo', {})
    const undone = json.undone?.[0]?.task
    expect(status === 200 && undone?.title === before && undone?.version === task.version + 1, 'undo', json)
    Object.assign(task, { title: before, version: task.version + 1 })
  }

  const changes = [rename, renameOnce, toggle, remove, renameAndUndo]
  return {
    tasks,
    faults,
    step: async () => {
      const alive = tasks.filter((task) => !task.deleted)
      const task = alive[Math.floor(Math.random() * alive.length)]
      if (task === undefined || Math.random() < 0.4) await (Math.random() < 0.3 ? batch() : create())
      else await changes[Math.floor(Math.random() * changes.length)]!(task)
    },
  }
}
