import { createHash } from 'node:crypto'
import { targetFault } from '../../shared/api/channel.ts'
import { oneLine } from '../messages.ts'
import type { Outcome, Outgoing, Sender } from '../outcome.ts'

export type Mail = {
  deliveryId: number
  from: Address
  to: string
  subject: string
  text: string
  html: string
  /** Message-ID and, where people can unsubscribe, the two headers of RFC 8058. */
  headers: Record<string, string>
}

export type Address = { email: string; name: string | null }

/** How mails leave: over SendGrid's API or by SMTP. */
export type MailTransport = {
  concurrency: number
  send(mail: Mail, signal: AbortSignal): Promise<Outcome>
}

const longestSubject = 150

/** `publicUrl` is where this product is reachable; without one, mails carry no link to unsubscribe. */
export const createEmail = (options: {
  transport: MailTransport
  from: string
  publicUrl: string | null
}): Sender => ({
  concurrency: options.transport.concurrency,
  async send(message, signal) {
    const { target } = message.channel
    if (targetFault('email', target) !== null) {
      return { class: 'permanent', status: null, error: 'the target is not an e-mail address' }
    }
    return options.transport.send(composeMail(message, options), signal)
  },
})

export function composeMail(message: Outgoing, options: { from: string; publicUrl: string | null }): Mail {
  const from = parseAddress(options.from)
  const { unsubscribeToken, target } = message.channel
  const link =
    options.publicUrl !== null && unsubscribeToken !== null
      ? `${options.publicUrl.replace(/\/+$/, '')}/unsubscribe/${unsubscribeToken}`
      : null
  const headers: Record<string, string> = { 'Message-ID': messageId(message, from) }
  if (link !== null) {
    headers['List-Unsubscribe'] = `<${link}>`
    headers['List-Unsubscribe-Post'] = 'List-Unsubscribe=One-Click'
  }
  const title = oneLine(message.title)
  return {
    deliveryId: message.deliveryId,
    from,
    to: target,
    subject: [...title].slice(0, longestSubject).join(''),
    text: textOf(title, message.body, link),
    html: htmlOf(title, message.body, link),
    headers,
  }
}

/** The same for every attempt, so that mail programs and some servers drop a repeat. */
function messageId(message: Outgoing, from: Address): string {
  const hash = createHash('sha256').update(`${message.eventId} ${message.channel.id}`).digest('hex')
  return `<${hash.slice(0, 32)}@${from.email.split('@')[1] ?? 'localhost'}>`
}

function textOf(title: string, body: string, link: string | null): string {
  const parts = [
    title,
    ...(body === '' ? [] : [body]),
    ...(link === null ? [] : [`-- \nUnsubscribe: ${link}`]),
  ]
  return `${parts.join('\n\n')}\n`
}

function htmlOf(title: string, body: string, link: string | null): string {
  const lines = escapeHtml(body).replaceAll('\n', '<br>\n')
  const foot =
    link === null
      ? ''
      : `<p style="color:#6b7280;font-size:12px"><a href="${escapeHtml(link)}">Unsubscribe</a></p>`
  return `<!doctype html><html><body style="font-family:sans-serif;color:#111827">
<p><strong>${escapeHtml(title)}</strong></p>
${body === '' ? '' : `<p>${lines}</p>`}
${foot}</body></html>
`
}

const escapes: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escapeHtml = (text: string) => text.replaceAll(/[&<>"']/g, (char) => escapes[char]!)

/** `Todo <todo@example.org>` or the bare address. */
export function parseAddress(text: string): Address {
  const named = /^\s*"?([^"<]*?)"?\s*<([^<>\s]+)>\s*$/.exec(oneLine(text))
  if (named === null) return { email: oneLine(text), name: null }
  return { email: named[2]!, name: named[1]! === '' ? null : named[1]! }
}
