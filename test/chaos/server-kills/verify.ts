import type { TaskEvent } from '../../../shared/api/event.ts'
import type { Task } from '../../../shared/api/task.ts'
import type { Client } from './client.ts'
import type { Expected } from './writer.ts'

export type Verdict = { tasks: number; events: number; faults: string[] }

/** Compares what a person's writers were told with what is stored, and the events of each task with its versions. */
export async function verify(client: Client, expected: Expected[]): Promise<Verdict> {
  const faults: string[] = []
  const stored = new Map<number, Task>()
  for (const task of await all<Task>(client, '/api/me/tasks?limit=200&status=todo,doing,done'))
    stored.set(task.id, task)
  const histories = Map.groupBy(
    await all<TaskEvent>(client, '/api/me/events?limit=200'),
    (event) => event.task_id,
  )
  for (const one of expected) {
    const task = stored.get(one.id)
    if (one.deleted) {
      if (task !== undefined) faults.push(`task ${one.id} was deleted and is there`)
    } else faults.push(...compare(one, task))
    faults.push(...checkHistory(one, histories.get(one.id) ?? []))
  }
  const known = new Set(expected.map(({ id }) => id))
  for (const id of new Set([...stored.keys(), ...histories.keys()])) {
    if (!known.has(id)) faults.push(`task ${id} was made twice, or by nobody`)
  }
  const events = [...histories.values()].reduce((sum, history) => sum + history.length, 0)
  return { tasks: expected.length, events, faults }
}

function compare(one: Expected, task: Task | undefined): string[] {
  if (task === undefined) return [`task ${one.id} (${one.title}) is lost`]
  const [wanted, got] = [
    [one.title, one.done, one.version],
    [task.title, task.status === 'done', task.version],
  ]
  return String(wanted) === String(got) ? [] : [`task ${one.id} is ${got} and should be ${wanted}`]
}

/** One event for each version from 1 on, in this order, each going on from the task as the one before left it. */
function checkHistory({ id, version }: Expected, history: TaskEvent[]): string[] {
  const versions = history.map((event) => event.version)
  const wanted = Array.from({ length: version }, (_, n) => n + 1)
  if (String(versions) !== String(wanted))
    return [`task ${id} has events of ${versions}, not of 1 to ${version}`]
  return history.flatMap(({ data, previous, version }, n) => {
    const before = n === 0 ? null : history[n - 1]!.data
    const goesOn = JSON.stringify(previous) === JSON.stringify(before)
    return data.version === version && goesOn
      ? []
      : [`event ${version} of task ${id} does not go on from the last`]
  })
}

async function all<T>(client: Client, path: string): Promise<T[]> {
  const items: T[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { json } = await client('GET', cursor === '' ? path : `${path}&cursor=${cursor}`)
    items.push(...json.items)
    cursor = json.next_cursor
  }
  return items
}
