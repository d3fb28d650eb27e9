import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Kafka } from 'kafkajs'
import type { DaprBus } from '../shared/dapr/bus.ts'
import { probeTopic } from '../shared/dapr/names.ts'
import type { EventRecord } from '../shared/events.ts'
import { readTopic } from './read.ts'

/** Milliseconds from the call until the bus had acknowledged, and until a reader of the broker had it. */
export type ProbeResult = { sent: number; lost: number; acknowledged: number[]; seen: number[] }

/** Sends probes through the sidecar on their own topic, one at a time, and looks for them on the broker. */
export async function probe(
  kafka: Kafka,
  bus: DaprBus,
  options: { count: number; pauseMs: number; signal: AbortSignal },
): Promise<ProbeResult> {
  const { count, pauseMs, signal } = options
  const began = new Map<string, number>()
  const seen = new Map<string, number>()
  const end = new AbortController()
  const reading = readTopic(
    kafka,
    probeTopic,
    { fromBeginning: false, signal: AbortSignal.any([signal, end.signal]) },
    ({ event }) => {
      if (event && began.has(String(event.id))) seen.set(String(event.id), performance.now())
    },
  )
  const acknowledged: number[] = []
  const send = async () => {
    const event = probeEvent()
    const start = performance.now()
    began.set(event.eventId, start)
    const [result] = await bus.publish([event], signal)
    if (!result?.ok) throw new Error(`the bus refused a probe: ${result?.error ?? 'no answer'}`)
    return { id: event.eventId, ms: performance.now() - start }
  }
  try {
    await joined(send, seen, signal)
    for (let sent = 0; sent < count && !signal.aborted; sent++) {
      acknowledged.push((await send()).ms)
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined)
    }
    const deadline = performance.now() + 10_000
    const measured = [...began.keys()].slice(-acknowledged.length)
    while (measured.some((id) => !seen.has(id)) && performance.now() < deadline && !signal.aborted)
      await sleep(20)
    const times = measured.filter((id) => seen.has(id)).map((id) => seen.get(id)! - began.get(id)!)
    return { sent: acknowledged.length, lost: measured.length - times.length, acknowledged, seen: times }
  } finally {
    end.abort()
    await reading
  }
}

/** The reader starts at the end of the topic, and only its first record shows that it has joined. */
async function joined(
  send: () => Promise<{ id: string }>,
  seen: Map<string, number>,
  signal: AbortSignal,
): Promise<void> {
  const deadline = performance.now() + 20_000
  while (seen.size === 0) {
    if (signal.aborted || performance.now() > deadline) throw new Error('no probe came back in 20 s')
    await send()
    await sleep(100)
  }
}

function probeEvent(): EventRecord {
  const time = new Date().toISOString()
  return {
    eventId: randomUUID(),
    type: 'todo.probe',
    source: '/todo/ops',
    subject: 'probe',
    time,
    traceparent: null,
    data: {},
  }
}
