import { createHash } from 'node:crypto'
import { Agent } from 'undici'
import { type Outcome, type Outgoing, retryAfterMs, type Sender } from '../outcome.ts'
import { createAccessToken } from './google-token.ts'
import { type Answer, networkOutcome, parseJson, post, transient } from './http.ts'
import type { ServiceAccount } from './service-account.ts'

/** FCM's limit counts all data and texts; the rest of the message fits into the difference. */
const longestMessage = 4096 - 200
const longestTtlSec = 28 * 86_400
const quotaWaitMs = 60_000

/** Push notifications over FCM HTTP v1. A repeat replaces the first one on the device, by its collapse key. */
export function createPush(options: { account: ServiceAccount; baseUrl: string }) {
  const agent = new Agent({ connections: 32 })
  const token = createAccessToken(options.account, agent)
  const base = options.baseUrl.replace(/\/+$/, '')
  const url = `${base}/v1/projects/${encodeURIComponent(options.account.project_id)}/messages:send`

  async function attempt(body: string, signal: AbortSignal): Promise<Answer | Outcome> {
    const given = await token.get(signal)
    if ('class' in given) return given
    const headers = { authorization: `Bearer ${given.token}`, 'content-type': 'application/json' }
    const answer = await post(agent, url, { headers, body, signal })
    if (answer.status === 401) token.forget(given.token)
    return answer
  }

  return {
    concurrency: 32,
    close: () => agent.destroy(),
    async send(message: Outgoing, signal: AbortSignal): Promise<Outcome> {
      const body = JSON.stringify({ message: messageOf(message, new Date()) })
      try {
        let answer = await attempt(body, signal)
        // The token may have been withdrawn before its time: one more try with a new one.
        if ('text' in answer && answer.status === 401 && errorCodeOf(answer) === null) {
          answer = await attempt(body, signal)
        }
        return 'text' in answer ? classify(answer) : answer
      } catch (error) {
        return networkOutcome(error, signal)
      }
    },
  } satisfies Sender & { close(): Promise<void> }
}

/** Texts are shortened, body first, until the message fits. */
function messageOf(message: Outgoing, now: Date) {
  let [title, body] = [message.title, message.body]
  for (;;) {
    const made = build(message, title, body, now)
    const over = Buffer.byteLength(JSON.stringify({ ...made, token: '' })) - longestMessage
    if (over <= 0 || title.length + body.length === 0) return made
    if (body !== '') body = shorten(body, over)
    else title = shorten(title, over)
  }
}

/** Takes off about `bytes`, never half a character. */
function shorten(text: string, bytes: number): string {
  const points = [...text]
  const keep = Math.max(0, points.length - Math.ceil(bytes / 4) - 2)
  return keep === 0 ? '' : `${points.slice(0, keep).join('')}…`
}

function build(message: Outgoing, title: string, body: string, now: Date) {
  const untilStale = message.expiresAt ? (message.expiresAt.getTime() - now.getTime()) / 1000 : 86_400
  const ttl = Math.min(longestTtlSec, Math.max(0, Math.floor(untilStale)))
  const key = collapseKeyOf(message)
  return {
    token: message.channel.target,
    notification: { title, ...(body !== '' && { body }) },
    data: {
      event_id: message.eventId,
      event_type: message.eventType,
      ...(message.taskId !== null && { task_id: String(message.taskId) }),
    },
    android: { collapse_key: key, ttl: `${ttl}s` },
    apns: {
      headers: {
        'apns-collapse-id': key,
        'apns-expiration': String(Math.floor(now.getTime() / 1000) + ttl),
      },
    },
    webpush: { headers: { TTL: String(ttl), Topic: key } },
  }
}

/** One notification per task on a device. Web push allows 32 characters of the URL-safe alphabet (RFC 8030 §5.4). */
const collapseKeyOf = (message: Outgoing): string =>
  message.taskId === null
    ? createHash('sha256').update(message.eventId).digest('base64url').slice(0, 32)
    : `task-${message.taskId}`

type FcmBody = {
  error?: {
    message?: string
    status?: string
    details?: { '@type'?: string; errorCode?: string; fieldViolations?: { field?: string }[] }[]
  }
}

const bodyOf = ({ text }: Answer) => (parseJson(text) as FcmBody | undefined)?.error

/** The errorCode of the FcmError among the details; the HTTP status alone does not tell. */
function errorCodeOf(answer: Answer): string | null {
  const details = bodyOf(answer)?.details
  if (!Array.isArray(details)) return null
  return details.find((one) => one['@type']?.endsWith('.FcmError'))?.errorCode ?? null
}

/** Source: the reference of FCM's ErrorCode. */
function classify(answer: Answer): Outcome {
  const { status } = answer
  const code = errorCodeOf(answer) ?? bodyOf(answer)?.status ?? ''
  const error = `FCM answered ${status}${/^[A-Z_]+$/.test(code) ? ` ${code}` : ''}`
  if (status === 200) return { class: 'sent', status }
  if (code === 'UNREGISTERED' || code === 'SENDER_ID_MISMATCH') return gone(status)
  if (code === 'INVALID_ARGUMENT' || status === 400) {
    return speaksOfToken(answer) ? gone(status) : { class: 'permanent', status, error }
  }
  if (status === 401 || status === 403) return { class: 'credential', status, error }
  if (status === 429) {
    const asked = retryAfterMs(answer.headers['retry-after'])
    return { class: 'throttled', status, error, retryAfterMs: asked ?? quotaWaitMs }
  }
  if (status >= 500 || code === 'UNSPECIFIED_ERROR') return transient(answer, error)
  return { class: 'permanent', status, error }
}

const gone = (status: number): Outcome => ({
  class: 'gone',
  status,
  error: 'The device is no longer registered.',
})

/** A 400 is the device's fault when FCM complains of its token, and ours when it complains of any other field. */
function speaksOfToken(answer: Answer): boolean {
  const details = bodyOf(answer)?.details ?? []
  const fields = details.flatMap((one) => one.fieldViolations ?? []).map(({ field }) => field ?? '')
  if (fields.length > 0) return fields.every((field) => /(^|\.)token$/.test(field))
  return (
    errorCodeOf(answer) === 'INVALID_ARGUMENT' || /registration token/i.test(bodyOf(answer)?.message ?? '')
  )
}
