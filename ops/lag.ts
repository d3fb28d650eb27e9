import type { Admin } from 'kafkajs'
import { consumers } from '../shared/dapr/names.ts'
import type { Topic } from '../shared/events.ts'

/** How far one consumer is behind on one topic. `done` is the sum of what it has committed. */
export type Lag = { group: string; topic: Topic; state: string; members: number; lag: number; done: number }

/** A consumer that takes nothing although there is something. The cure is a restart of its sidecar. */
export type Stuck = Lag & { reason: string }

/** The lag of every declared consumer. What was never committed counts from the oldest record that is still there. */
export async function readLag(admin: Admin): Promise<Lag[]> {
  const groups = [...new Set(consumers.map(({ app }) => app))]
  const { groups: described } = await admin.describeGroups(groups)
  return Promise.all(
    consumers.map(async ({ app, topic }) => {
      const group = described.find((one) => one.groupId === app)
      const ends = await admin.fetchTopicOffsets(topic)
      const [committed] = await admin.fetchOffsets({ groupId: app, topics: [topic] })
      let lag = 0
      let done = 0
      for (const { partition, high, low } of ends) {
        const offset = committed?.partitions.find((one) => one.partition === partition)?.offset ?? '-1'
        const reached = Math.max(Number(offset), Number(low))
        lag += Number(high) - reached
        done += reached
      }
      return {
        group: app,
        topic,
        state: group?.state ?? 'Unknown',
        members: group?.members.length ?? 0,
        lag,
        done,
      }
    }),
  )
}

/**
 * Compares two readings: a group without members, or with a lag and no progress in between, is stuck. A consumer once
 * was seen to stop for good with its subscription listed and its sidecar healthy; only this shows it.
 */
export function findStuck(before: Lag[], after: Lag[]): Stuck[] {
  return after.flatMap((now) => {
    const then = before.find((one) => one.group === now.group && one.topic === now.topic)
    if (now.members === 0) return [{ ...now, reason: 'no member reads in its group' }]
    if (then && then.lag > 0 && now.lag > 0 && now.done <= then.done)
      return [{ ...now, reason: 'it makes no progress' }]
    return []
  })
}
