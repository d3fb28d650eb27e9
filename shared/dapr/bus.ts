import { Client } from 'undici'
import { AppError } from '../errors.ts'
import { type EventName, type EventRecord, topicOf } from '../events.ts'
import type { EventBus, PublishResult } from '../ports.ts'
import { pubsubName } from './names.ts'

export type BusOptions = {
  /** The sidecar's HTTP address, e.g. `http://127.0.0.1:3500`. */
  sidecar: string
  apiToken?: string | undefined
  pubsub?: string
  /** Which topic an event goes to; by its type unless told. */
  topicFor?: (event: EventRecord) => string
  /** For one call; above the sidecar's own publish timeout (5 s), so that its answer is seen. */
  timeoutMs?: number
}

export type DaprBus = EventBus & { close(): Promise<void> }

/** The sidecar takes 4 MiB a call; a broker takes 1 MiB a message, so any one event fits. */
const maxCallBytes = 2 * 1024 * 1024

type Answer = { status: number; errorCode: string; message: string; failed: Map<string, string> }

/**
 * The bus over the sidecar's bulk endpoint. `publish` may be given at most one event of each subject: two of one key
 * in one call could change places when the broker retries.
 */
export function createDaprBus(options: BusOptions): DaprBus {
  const { pubsub = pubsubName, topicFor = byType } = options
  const { call, close } = createCaller(options)

  const publishWave = async (topic: string, wave: Entry[], signal: AbortSignal): Promise<PublishResult[]> => {
    const body = `[${wave.map((entry) => entry.json).join(',')}]`
    const answer = await call(`/bulk/${pubsub}/${topic}`, 'application/json', body, signal)
    const verdict = judge(answer, wave.length)
    if (verdict === 'published') return wave.map(({ event }) => ({ eventId: event.eventId, ok: true }))
    if (verdict === 'partly')
      return wave.map(({ event }) => resultOf(event, answer.failed.get(event.eventId)))
    if (verdict === 'refused') return publishSingly(topic, wave, signal)
    throw unavailable(`The bus did not take ${wave.length} events: ${firstReason(answer)}`, reasonOf(answer))
  }

  /** A call that was refused as a whole holds something that cannot be sent. One by one, only that one fails. */
  const publishSingly = async (
    topic: string,
    wave: Entry[],
    signal: AbortSignal,
  ): Promise<PublishResult[]> => {
    const results: PublishResult[] = []
    for (const { event } of wave) {
      const path = `/${pubsub}/${topic}?metadata.partitionKey=${encodeURIComponent(event.subject)}`
      const answer = await call(path, cloudEventType, JSON.stringify(toCloudEvent(event)), signal)
      const verdict = judge(answer, 1)
      if (verdict === 'unavailable') throw unavailable(answer.message, reasonOf(answer))
      results.push(resultOf(event, verdict === 'published' ? undefined : answer.message))
    }
    return results
  }

  return {
    publish: async (events, signal) => {
      const results: PublishResult[] = []
      for (const [topic, ofTopic] of Map.groupBy(events, topicFor)) {
        for (const wave of splitBySize(ofTopic.map(toEntry)))
          results.push(...(await publishWave(topic, wave, signal)))
      }
      return results
    },
    close,
  }
}

const byType = (event: EventRecord): string => topicOf(event.type as EventName)

type Call = (path: string, contentType: string, body: string, signal: AbortSignal) => Promise<Answer>

/** Asks the sidecar. Whatever it answers is an answer; no answer in time is thrown. */
function createCaller({ sidecar, apiToken, timeoutMs = 10_000 }: BusOptions) {
  // The sidecar repeats the whole list of failed entries in a header: 200 of them are far more than the usual 16 KiB.
  const client = new Client(sidecar, { maxHeaderSize: 1024 * 1024 })
  const token: Record<string, string> = apiToken ? { 'dapr-api-token': apiToken } : {}
  const call: Call = async (path, contentType, body, signal) => {
    const request = {
      path: `/v1.0/publish${path}`,
      method: 'POST' as const,
      headers: { ...token, 'content-type': contentType },
      body,
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    }
    try {
      const response = await client.request(request)
      return readAnswer(response.statusCode, await response.body.text())
    } catch (cause) {
      throw unavailable('The sidecar did not answer a publication', 'sidecar_unreachable', cause)
    }
  }
  return { call, close: () => client.destroy() }
}

type Entry = { event: EventRecord; json: string }

const cloudEventType = 'application/cloudevents+json'

function toEntry(event: EventRecord): Entry {
  const metadata = { partitionKey: event.subject }
  const entry = { entryId: event.eventId, event: toCloudEvent(event), contentType: cloudEventType, metadata }
  return { event, json: JSON.stringify(entry) }
}

/** The envelope on the wire. The sidecar keeps a trace only when `traceid` is set beside `traceparent`. */
export function toCloudEvent(event: EventRecord): Record<string, unknown> {
  const trace = event.traceparent ? { traceparent: event.traceparent, traceid: event.traceparent } : {}
  return {
    specversion: '1.0',
    id: event.eventId,
    source: event.source,
    type: event.type,
    subject: event.subject,
    time: event.time,
    datacontenttype: 'application/json',
    ...trace,
    data: event.data,
  }
}

function splitBySize(entries: Entry[]): Entry[][] {
  const waves: Entry[][] = []
  let room = 0
  for (const entry of entries) {
    const bytes = Buffer.byteLength(entry.json)
    if (bytes > room) {
      waves.push([])
      room = maxCallBytes
    }
    waves.at(-1)!.push(entry)
    room -= bytes
  }
  return waves
}

function readAnswer(status: number, text: string): Answer {
  const answer: Answer = { status, errorCode: '', message: `HTTP ${status}`, failed: new Map() }
  const body = parseObject(text)
  if (typeof body.errorCode === 'string') answer.errorCode = body.errorCode
  if (answer.errorCode) answer.message = `${answer.errorCode} (HTTP ${status})`
  if (typeof body.message === 'string') answer.message += `: ${body.message}`
  for (const entry of Array.isArray(body.failedEntries) ? body.failedEntries : []) {
    answer.failed.set(String(entry?.entryId), String(entry?.error ?? 'no reason was given'))
  }
  return answer
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

/**
 * - `published`: all of it.
 * - `partly`: the failed entries are named, the others are on the bus.
 * - `refused`: nothing was sent, because something in the call cannot be (400, 413, an envelope that cannot be made).
 * - `unavailable`: the component is not loaded yet (404), the app may not publish there (401, 403), a failure that
 *   names no entries and so leaves open what became of them, or one of all entries for a reason that is not theirs:
 *   with its broker away the sidecar names every entry, one by one.
 */
function judge(answer: Answer, sent: number): 'published' | 'partly' | 'refused' | 'unavailable' {
  const { status, errorCode, failed } = answer
  if (status >= 200 && status < 300) return 'published'
  if (failed.size > 0)
    return failed.size < sent || isOwnFault([...failed.values()]) ? 'partly' : 'unavailable'
  if (status === 400 || status === 413) return 'refused'
  if (errorCode === publishFailed && isOwnFault([answer.message])) return 'refused'
  if (status >= 500 && errorCode !== '' && errorCode !== publishFailed) return 'refused'
  return 'unavailable'
}

/** What the broker or its client says of a record that it will never take. */
const isOwnFault = (errors: string[]): boolean =>
  errors.some((error) =>
    /too large|larger than configured|failed the validation|contents does not match/i.test(error),
  )

const publishFailed = 'ERR_PUBSUB_PUBLISH_MESSAGE'

const firstReason = ({ failed, message }: Answer): string => failed.values().next().value ?? message

const reasonOf = (answer: Answer): string =>
  answer.errorCode === 'ERR_PUBSUB_NOT_FOUND' ? 'pubsub_not_loaded' : 'publish_failed'

const resultOf = ({ eventId }: EventRecord, error: string | undefined): PublishResult =>
  error === undefined ? { eventId, ok: true } : { eventId, ok: false, error }

const unavailable = (message: string, reason: string, cause?: unknown) =>
  new AppError('unavailable', message, { reason, cause })
