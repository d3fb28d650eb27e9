import { createHmac } from 'node:crypto'
import type { Agent } from 'undici'
import { webhookUrlFault } from '../../shared/public-address.ts'
import type { SecretBox } from '../../shared/secret-box.ts'
import { type Outcome, type Outgoing, retryAfterMs, type Sender } from '../outcome.ts'
import { blockedCode } from './guard.ts'
import { type Answer, codeOf, networkOutcome, post, transient } from './http.ts'

/** Unless the endpoint says how long it wants to be left alone. */
const throttleMs = 5_000

/** Signed POSTs after the Standard Webhooks specification. One endpoint gets eight at a time. */
export const createWebhook = (options: {
  agent: Agent
  allowPrivate: boolean
  secrets?: SecretBox
}): Sender => ({
  concurrency: 8,
  async send(message, signal) {
    const { target } = message.channel
    // The URL was checked when it was stored, perhaps under other rules.
    const fault = webhookUrlFault(target, options.allowPrivate)
    if (fault !== null) return { class: 'permanent', status: null, error: `the URL ${fault}` }
    const secrets = openSecrets(message, options.secrets)
    // Like a key that a provider refuses: the queue stays until an operator has set the right one.
    if (secrets.length === 0) return { class: 'credential', status: null, error: 'its secret cannot be read' }
    const body = bodyOf(message)
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'todo-webhooks/1',
      ...(message.traceparent && { traceparent: message.traceparent }),
      ...signatureHeaders(message.eventId, body, secrets, new Date()),
    }
    try {
      return classify(await post(options.agent, target, { headers, body, signal }))
    } catch (error) {
      if (codeOf(error) === blockedCode) {
        return {
          class: 'permanent',
          status: null,
          error: 'the name leads to an address inside a private network',
        }
      }
      return networkOutcome(error, signal)
    }
  },
})

/** A former secret that no key opens any more is left out: the current one signs. */
function openSecrets({ channel }: Outgoing, box: SecretBox | undefined): string[] {
  return channel.secrets.flatMap((stored) => {
    try {
      return [box?.open(stored, channel.ownerId) ?? stored]
    } catch {
      return []
    }
  })
}

const bodyOf = ({ eventType, timestamp, payload }: Outgoing): string =>
  JSON.stringify({ type: eventType, timestamp, data: payload })

/**
 * The headers of one attempt: `webhook-id` stays the same for an event, the time is the attempt's. Each secret
 * (`whsec_` and base64) adds a signature, so that receivers may change to a new one in their own time.
 */
export function signatureHeaders(
  id: string,
  body: string,
  secrets: string[],
  at: Date,
): Record<string, string> {
  const seconds = String(Math.floor(at.getTime() / 1000))
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
    return `v1,${createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')}`
  })
  return { 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': signatures.join(' ') }
}

/** Only 2xx is success. The body is not quoted: it may come from a place that the user cannot see otherwise. */
function classify(answer: Answer): Outcome {
  const { status, headers } = answer
  const error = `answered ${status}`
  if (status >= 200 && status < 300) return { class: 'sent', status }
  if (status === 410) return { class: 'gone', status, error: 'The endpoint answered 410 Gone.' }
  if (status === 429) {
    return {
      class: 'throttled',
      status,
      error,
      retryAfterMs: retryAfterMs(headers['retry-after']) ?? throttleMs,
    }
  }
  if (status === 408 || status === 425) return { ...transient(answer, error), outage: false }
  if (status >= 500) return transient(answer, error)
  const isRedirect = status >= 300 && status < 400
  return {
    class: 'permanent',
    status,
    error: isRedirect ? `${error}, a redirect, which is not followed` : error,
  }
}
