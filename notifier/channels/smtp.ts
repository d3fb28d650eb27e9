import { createTransport } from 'nodemailer'
import type { Outcome } from '../outcome.ts'
import type { MailTransport } from './email.ts'

/** Mails by SMTP. Like every mail, one whose answer got lost may arrive twice. */
export function createSmtp(url: string): MailTransport & { close(): void } {
  const transporter = createTransport({
    url,
    pool: true,
    maxConnections: 4,
    connectionTimeout: 5_000,
    greetingTimeout: 5_000,
    socketTimeout: 10_000,
    // Nothing in a mail of ours is to be read from a file or the network.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    concurrency: 4,
    close: () => transporter.close(),
    async send(mail, signal) {
      const { from, to, subject, text, html } = mail
      const { 'Message-ID': messageId, ...headers } = mail.headers
      const sending = transporter.sendMail({
        from: from.name === null ? from.email : { name: from.name, address: from.email },
        to,
        subject,
        text,
        html,
        headers,
        ...(messageId !== undefined && { messageId }),
      })
      try {
        const { response } = await untilAborted(sending, signal)
        return { class: 'sent', status: Number.parseInt(response, 10) || 250 }
      } catch (error) {
        if (signal.aborted) throw error
        return classify(error as SmtpError)
      }
    },
  }
}

/** The library cannot be interrupted; its own time-outs end what is left behind. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop = () => {}
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
  })
  work.catch(() => {})
  try {
    signal.throwIfAborted()
    return await Promise.race([work, aborted])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

type SmtpError = Error & {
  code?: string
  syscall?: string
  command?: string
  responseCode?: number
  response?: string
}

/** RFC 5321 §4.2.1: 4yz is passing, 5yz final. RFC 3463 §3.2: 5.1.x speaks of the address. */
function classify(error: SmtpError): Outcome {
  const status = error.responseCode ?? null
  const what = `SMTP: ${status ?? error.code ?? 'failed'}${error.command ? ` at ${error.command}` : ''}`
  if (error.code === 'EAUTH' && !(status !== null && status < 500)) {
    return { class: 'credential', status, error: what }
  }
  if (status === null) return { ...noAnswer(error), error: what }
  if (status < 500) return { class: 'transient', status, error: what, outage: status === 421 }
  const isAddress = error.command === 'RCPT TO' && /\b5\.1\.\d/.test(error.response ?? '')
  if (isAddress)
    return { class: 'gone', status, error: 'The mail server says that this address does not exist.' }
  return { class: 'permanent', status, error: what }
}

/** The library does not tell how far it was when the connection broke; only some breaks are surely early ones. */
function noAnswer(error: SmtpError) {
  const early =
    error.syscall === 'connect' ||
    error.syscall === 'getaddrinfo' ||
    error.code === 'EDNS' ||
    error.code === 'ETLS' ||
    /greeting|connection timeout/i.test(error.message)
  return { class: 'transient', status: null, outage: true, uncertain: !early } as const
}
