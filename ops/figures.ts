import type { Admin } from 'kafkajs'
import { Gauge, Registry } from 'prom-client'
import { deadTopics, replayGroup } from './dead.ts'
import { readLag } from './lag.ts'

/** What the broker knows and no service can tell of itself, in the form that Prometheus reads. */
export function createBrokerFigures(admin: Admin): { type: string; print(): Promise<string> } {
  const registry = new Registry()
  const registers = [registry]
  const gauge = <T extends string>(name: string, help: string, ...labelNames: T[]) =>
    new Gauge({ name, help, registers, labelNames })
  const lag = gauge('todo_consumer_lag', 'Events that a consumer has yet to take', 'group', 'topic')
  const done = gauge('todo_consumer_position', 'Sum of what a consumer has taken', 'group', 'topic')
  const members = gauge('todo_consumer_members', 'Members of a consumer group', 'group')
  const letters = gauge('todo_dead_letters', 'Dead letters that nobody has replayed', 'topic', 'app')
  const up = gauge('todo_broker_up', 'Whether the broker answers')
  const read = async () => {
    for (const one of await readLag(admin)) {
      lag.set({ group: one.group, topic: one.topic }, one.lag)
      done.set({ group: one.group, topic: one.topic }, one.done)
      members.set({ group: one.group }, one.members)
    }
    for (const { name, app } of deadTopics) letters.set({ topic: name, app }, await countLetters(admin, name))
  }
  return {
    type: registry.contentType,
    print: async () => {
      try {
        await read()
        up.set(1)
      } catch {
        // Old figures would look like good ones.
        for (const metric of [lag, done, members, letters]) metric.reset()
        up.set(0)
      }
      return registry.metrics()
    },
  }
}

/** From what has been replayed, or else from the oldest letter that the broker still keeps. */
async function countLetters(admin: Admin, topic: string): Promise<number> {
  const ends = await admin.fetchTopicOffsets(topic)
  const [committed] = await admin.fetchOffsets({ groupId: replayGroup, topics: [topic] })
  return ends.reduce((sum, { partition, high, low }) => {
    const offset = committed?.partitions.find((one) => one.partition === partition)?.offset ?? '-1'
    return sum + Number(high) - Math.max(Number(offset), Number(low))
  }, 0)
}
