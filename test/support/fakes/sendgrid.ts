import { type Behaviour, type FakeServer, type Received, startFakeServer } from './http-server.ts'

export type SendGridFake = FakeServer & {
  apiKey: string
  /** What comes instead of 202 for well-formed mails, once for each entry. */
  next: Behaviour[]
}

/** SendGrid's documented error body. */
export const sendGridError = (
  status: number,
  message: string,
  headers: Record<string, string> = {},
): Behaviour => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify({ errors: [{ message, field: null, help: null }] }),
})

/** POST /v3/mail/send as its reference describes it. */
export async function startSendGrid(): Promise<SendGridFake> {
  const apiKey = 'SG.test-key'
  const next: Behaviour[] = []
  const answer = (received: Received): Behaviour => {
    if (received.path !== '/v3/mail/send') return sendGridError(404, 'not found')
    if (received.headers.authorization !== `Bearer ${apiKey}`) {
      return sendGridError(401, 'The provided authorization grant is invalid, expired, or revoked')
    }
    if (!isWellFormed(received.body)) return sendGridError(400, 'Bad Request')
    return next.shift() ?? { status: 202, headers: { 'x-message-id': 'abc' } }
  }
  const server = await startFakeServer(answer)
  return { ...server, apiKey, next }
}

/** What the reference calls required, and the headers that it reserves. */
function isWellFormed(text: string): boolean {
  const mail = JSON.parse(text)
  const reserved =
    /^(x-sg-id|x-sg-eid|received|dkim-signature|content-type|content-transfer-encoding|to|from|subject|reply-to|cc|bcc)$/i
  return (
    mail.personalizations.every((one: { to: { email: string }[] }) =>
      one.to.every(({ email }) => email.includes('@')),
    ) &&
    mail.from.email.includes('@') &&
    mail.subject.length > 0 &&
    mail.content[0].type === 'text/plain' &&
    mail.content.every((part: { value: string }) => part.value.length > 0) &&
    !Object.keys(mail.headers ?? {}).some((name) => reserved.test(name))
  )
}
