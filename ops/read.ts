import { randomUUID } from 'node:crypto'
import type { Consumer, Kafka } from 'kafkajs'

/** One record as it lies on the broker. `value` is its text, `event` the CloudEvent in it, null when there is none. */
export type BusRecord = {
  topic: string
  partition: number
  offset: string
  /** When the broker took it. */
  timestamp: Date
  key: string | null
  headers: Record<string, string>
  value: string
  event: Record<string, unknown> | null
}

/**
 * Hands on the records of a topic until the signal aborts, or, with `toEnd`, until what was there at the start has been
 * read. It reads in a group of its own, which it removes, so that it takes nothing from any service.
 */
export async function readTopic(
  kafka: Kafka,
  topic: string,
  options: { fromBeginning: boolean; toEnd?: boolean; signal: AbortSignal },
  onRecord: (record: BusRecord) => void,
): Promise<void> {
  const { fromBeginning, toEnd = false, signal } = options
  const groupId = `todo-ops-${randomUUID()}`
  const admin = kafka.admin()
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 200 })
  await admin.connect()
  try {
    const left = toEnd ? await remaining(admin, topic) : null
    if (left?.size === 0) return
    await consumer.connect()
    await consumer.subscribe({ topic, fromBeginning })
    const finished = new AbortController()
    await consumer.run({
      autoCommit: false,
      eachMessage: async ({ partition, message }) => {
        const { offset, timestamp, key, headers = {}, value } = message
        const text = value?.toString('utf8') ?? ''
        onRecord({
          topic,
          partition,
          offset,
          timestamp: new Date(Number(timestamp)),
          value: text,
          key: key?.toString('utf8') ?? null,
          headers: readHeaders(headers),
          event: readEvent(text),
        })
        if (left && BigInt(offset) + 1n >= (left.get(partition) ?? 0n)) left.delete(partition)
        if (left?.size === 0) finished.abort()
      },
    })
    await aborted(AbortSignal.any([signal, finished.signal]))
    await leave(consumer)
    await admin.deleteGroups([groupId]).catch(() => undefined)
  } finally {
    await leave(consumer)
    await admin.disconnect()
  }
}

/** The end of each partition that holds records. */
async function remaining(admin: ReturnType<Kafka['admin']>, topic: string): Promise<Map<number, bigint>> {
  const offsets = await admin.fetchTopicOffsets(topic)
  const filled = offsets.filter(({ low, high }) => BigInt(high) > BigInt(low))
  return new Map(filled.map(({ partition, high }) => [partition, BigInt(high)]))
}

const leave = (consumer: Consumer): Promise<void> => consumer.disconnect().catch(() => undefined)

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}

function readHeaders(headers: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))
}

function readEvent(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    const isEvent = typeof value === 'object' && value !== null && 'specversion' in value
    return isEvent ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}
