import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { EventRecord } from '../../shared/events.ts'
import type { EventBus } from '../../shared/ports.ts'

/** A valid `task.updated` of a task, as the relay would read it from the outbox. */
export function taskEvent(task: number, version: number, change: Partial<EventRecord> = {}): EventRecord {
  const userId = '3f0a1d5e-6a55-4f8e-9d55-0c6f6d5f2a11'
  const now = new Date().toISOString()
  const data = {
    id: task,
    user_id: userId,
    title: `task ${task}`,
    description: '',
    status: 'todo',
    priority_id: 2,
    priority: { id: 2, name: 'Medium', level: 2, color: '#3B82F6' },
    tags: [],
    project: null,
    due_date: null,
    due_at: null,
    reminders: [],
    recurring_task_id: null,
    occurrence_at: null,
    position: 1,
    version,
    created_at: now,
    updated_at: now,
    completed_at: null,
  }
  return {
    eventId: randomUUID(),
    type: 'task.updated',
    source: '/todo/server',
    subject: String(task),
    time: now,
    traceparent: null,
    data: {
      event_type: 'task.updated',
      task_id: task,
      user_id: userId,
      timestamp: now,
      version,
      source: 'server',
      data,
      previous: null,
    },
    ...change,
  }
}

/** Publishes like the relay: what is refused goes again until it is taken. Topics just made have no leader for a moment. */
export async function publishAll(bus: EventBus, events: EventRecord[], ms = 20_000): Promise<void> {
  const signal = AbortSignal.timeout(ms)
  let left = events
  while (left.length > 0) {
    const results = await bus.publish(left, signal).catch(async (error: unknown) => {
      // On a busy machine a broker may take longer than the sidecar waits: what became of the call is not known then.
      if (signal.aborted) throw error
      await sleep(250)
      return []
    })
    const taken = new Set(results.filter((result) => result.ok).map((result) => result.eventId))
    left = left.filter((event) => !taken.has(event.eventId))
  }
}

/** Collects what arrives and lets a test wait for it: `until` resolves as soon as its condition holds. */
export function createWitness<T>(): {
  seen: T[]
  add(item: T): void
  until(what: string, holds: (seen: T[]) => boolean, ms?: number): Promise<void>
} {
  const seen: T[] = []
  const waiting = new Set<() => void>()
  return {
    seen,
    add: (item) => {
      seen.push(item)
      for (const check of waiting) check()
    },
    until: (what, holds, ms = 20_000) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(check)
          reject(new Error(`${what}: not seen in ${ms} ms; ${seen.length} seen`))
        }, ms)
        const check = () => {
          if (!holds(seen)) return
          clearTimeout(timer)
          waiting.delete(check)
          resolve()
        }
        waiting.add(check)
        check()
      }),
  }
}
