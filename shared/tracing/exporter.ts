import { setTimeout as sleep } from 'node:timers/promises'
import type { EndedSpan, TracingOptions } from '../tracing.ts'
import { tracesRequest } from './otlp.ts'

/** One request holds at most so many; more than `mostWaiting` are dropped, since a trace is worth no memory. */
const batchSize = 512
const mostWaiting = 4096

const defaultGatherMs = 2_000
const requestMs = 10_000
const defaultEndMs = 3_000

/** Answers after which the specification wants another try. */
const passing = new Set([429, 502, 503, 504])
const retryMs = [1_000, 5_000]

export type Exporter = { add(span: EndedSpan): void; close(): Promise<void> }

/** Gathers spans and posts them to the collector. Nothing of it ever holds up or fails the work that is traced. */
export function createExporter(options: TracingOptions & { endpoint: string }): Exporter {
  const { gatherMs = defaultGatherMs, endMs = defaultEndMs, log } = options
  const url = `${options.endpoint.replace(/\/+$/, '')}/v1/traces`
  const waiting: EndedSpan[] = []
  const closing = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let sending: Promise<void> = Promise.resolve()
  let isTold = false

  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    const batch = waiting.splice(0, batchSize)
    if (batch.length > 0) sending = sending.then(() => send(batch))
  }
  const send = async (batch: EndedSpan[]) => {
    const body = JSON.stringify(tracesRequest(batch, options))
    const fault = await post({ url, body, headers: options.headers, signal: closing.signal })
    if (fault !== null && !isTold) log?.warn({ error: fault, spans: batch.length }, 'traces cannot be sent')
    isTold = fault !== null
  }
  return {
    add: (span) => {
      if (waiting.length >= mostWaiting) return
      waiting.push(span)
      if (waiting.length >= batchSize) flush()
      else timer ??= setTimeout(flush, gatherMs).unref()
    },
    close: async () => {
      while (waiting.length > 0) flush()
      const limit = setTimeout(() => closing.abort(), endMs)
      await sending
      clearTimeout(limit)
    },
  }
}

type Post = { url: string; body: string; headers: Record<string, string>; signal: AbortSignal }

/** Null when the collector took it, else why not. */
async function post({ url, body, headers, signal }: Post): Promise<string | null> {
  for (let attempt = 0; ; attempt += 1) {
    let fault: string
    try {
      // Here, because what is missing must not end the service that is traced.
      const { request } = await import('undici')
      const response = await request(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body,
        signal: AbortSignal.any([signal, AbortSignal.timeout(requestMs)]),
      })
      await response.body.dump()
      if (response.statusCode < 300) return null
      fault = `answered ${response.statusCode}`
      if (!passing.has(response.statusCode)) return fault
    } catch (error) {
      fault = (error as Error).message
    }
    const pause = retryMs[attempt]
    if (pause === undefined || signal.aborted) return fault
    await sleep(pause, undefined, { signal, ref: false }).catch(() => {})
  }
}
