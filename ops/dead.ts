import type { Admin, Kafka } from 'kafkajs'
import type { DaprBus } from '../shared/dapr/bus.ts'
import { consumers, deadLetterTopic } from '../shared/dapr/names.ts'
import type { EventRecord, Topic } from '../shared/events.ts'
import { type BusRecord, readTopic } from './read.ts'

/** A dead-letter topic: whose it is and where its letters came from. */
export type DeadTopic = { name: string; app: string; origin: Topic }

export const deadTopics: DeadTopic[] = consumers.map(({ app, topic }) => ({
  name: deadLetterTopic(topic, app),
  app,
  origin: topic,
}))

export type Letter = BusRecord & { replayed: boolean }

/** How far letters have been replayed is remembered on the broker, as the offsets of this group. */
export const replayGroup = 'todo-ops-replay'

/** All letters that the broker still keeps, in the order in which they came. */
export async function listLetters(
  kafka: Kafka,
  admin: Admin,
  topic: string,
  signal: AbortSignal,
): Promise<Letter[]> {
  const [committed] = await admin.fetchOffsets({ groupId: replayGroup, topics: [topic] })
  const reached = new Map(committed?.partitions.map(({ partition, offset }) => [partition, BigInt(offset)]))
  const letters: Letter[] = []
  await readTopic(kafka, topic, { fromBeginning: true, toEnd: true, signal }, (record) => {
    letters.push({ ...record, replayed: BigInt(record.offset) < (reached.get(record.partition) ?? -1n) })
  })
  return letters.sort((a, b) => a.timestamp.getTime() - b.timestamp.getTime() || byPlace(a, b))
}

const byPlace = (a: Letter, b: Letter): number =>
  a.partition - b.partition || Number(BigInt(a.offset) - BigInt(b.offset))

export type Replayed = {
  published: number
  unreadable: number
  failed: { letter: Letter; error: string } | null
}

/**
 * Publishes letters on the topic they came from, one after the other, through the sidecar: only it hashes a key like
 * the relay. Ids stay, so consumers that had handled an event already do nothing. Stops at the first failure.
 */
export async function replayLetters(bus: DaprBus, letters: Letter[], signal: AbortSignal): Promise<Replayed> {
  const result: Replayed = { published: 0, unreadable: 0, failed: null }
  for (const letter of letters) {
    const event = toRecord(letter)
    if (!event) {
      result.unreadable += 1
      continue
    }
    const [outcome] = await bus.publish([event], signal).catch((error: unknown) => [
      {
        eventId: event.eventId,
        ok: false as const,
        error: error instanceof Error ? error.message : String(error),
      },
    ])
    if (!outcome?.ok) {
      result.failed = { letter, error: outcome?.error ?? 'no answer' }
      return result
    }
    result.published += 1
  }
  return result
}

/** Remembers that every letter up to the last of each partition has been replayed. */
export async function markReplayed(admin: Admin, topic: string, letters: Letter[]): Promise<void> {
  const next = new Map<number, bigint>()
  for (const { partition, offset } of letters) {
    const after = BigInt(offset) + 1n
    if (after > (next.get(partition) ?? 0n)) next.set(partition, after)
  }
  if (next.size === 0) return
  const partitions = [...next].map(([partition, offset]) => ({ partition, offset: String(offset) }))
  await admin.setOffsets({ groupId: replayGroup, topic, partitions })
}

/** The envelope as it was, less what the sidecar adds; null for bytes that are no CloudEvent. */
function toRecord({ event, key }: Letter): EventRecord | null {
  if (!event || typeof event.id !== 'string' || typeof event.type !== 'string') return null
  return {
    eventId: event.id,
    type: event.type,
    source: String(event.source ?? ''),
    subject: typeof event.subject === 'string' ? event.subject : (key ?? ''),
    time: String(event.time ?? ''),
    traceparent: typeof event.traceparent === 'string' ? event.traceparent : null,
    data: (event.data ?? {}) as Record<string, unknown>,
  }
}
