import { Agent } from 'undici'
import { type Outcome, retryAfterMs } from '../outcome.ts'
import type { Mail, MailTransport } from './email.ts'
import { type Answer, networkOutcome, parseJson, post, transient } from './http.ts'

const throttleMs = 60_000

/** Mails over SendGrid's v3 API. It knows no idempotency key: a mail whose answer got lost may arrive twice. */
export function createSendGrid(options: { apiKey: string; baseUrl: string }) {
  const agent = new Agent({ connections: 16 })
  const url = `${options.baseUrl.replace(/\/+$/, '')}/v3/mail/send`
  const headers = { authorization: `Bearer ${options.apiKey}`, 'content-type': 'application/json' }
  return {
    concurrency: 16,
    close: () => agent.destroy(),
    async send(mail: Mail, signal: AbortSignal): Promise<Outcome> {
      try {
        return classify(await post(agent, url, { headers, body: JSON.stringify(bodyOf(mail)), signal }))
      } catch (error) {
        return networkOutcome(error, signal)
      }
    },
  } satisfies MailTransport & { close(): Promise<void> }
}

function bodyOf(mail: Mail) {
  const off = { enable: false }
  return {
    personalizations: [
      // Comes back in every report about this mail; a number tells nobody anything about the person.
      { to: [{ email: mail.to }], custom_args: { delivery_id: String(mail.deliveryId) } },
    ],
    from: { email: mail.from.email, ...(mail.from.name !== null && { name: mail.from.name }) },
    subject: mail.subject,
    content: [
      { type: 'text/plain', value: mail.text },
      { type: 'text/html', value: mail.html },
    ],
    headers: mail.headers,
    tracking_settings: {
      click_tracking: { enable: false, enable_text: false },
      open_tracking: off,
      subscription_tracking: off,
    },
  }
}

/** Source: Twilio's v3 error page and the reference of /mail/send. */
function classify(answer: Answer): Outcome {
  const { status } = answer
  const error = `SendGrid answered ${status}${reasonOf(answer)}`
  if (status === 202) return { class: 'sent', status }
  if (status === 200) return { class: 'sent', status, note: 'sandbox' }
  if (status === 401 || status === 403) return { class: 'credential', status, error }
  if (status === 429) return { class: 'throttled', status, error, retryAfterMs: resetMs(answer) }
  if (status >= 500 || status === 408) return transient(answer, error)
  return { class: 'permanent', status, error }
}

/** The time at which the limit is reset comes as seconds since 1970. */
function resetMs({ headers }: Answer): number {
  const reset = Number(headers['x-ratelimit-reset'])
  const untilReset = reset > 0 ? reset * 1000 - Date.now() : undefined
  const wait = Math.max(retryAfterMs(headers['retry-after']) ?? 0, untilReset ?? 0)
  return wait > 0 ? wait : throttleMs
}

/** SendGrid names the field at fault; addresses in its words are masked, as the log is kept for weeks. */
function reasonOf({ text }: Answer): string {
  const body = parseJson(text) as { errors?: { message?: unknown; field?: unknown }[] } | undefined
  const first = Array.isArray(body?.errors) ? body.errors[0] : undefined
  if (first === undefined) return ''
  const words = [first.field, first.message].filter((word) => typeof word === 'string').join(': ')
  return `: ${words.replaceAll(/[^\s@]+@[^\s@]+/g, '…@…').slice(0, 200)}`
}
