import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { type SmtpScript, startSmtp } from '../../test/support/fakes/smtp.ts'
import { outgoing, within } from '../../test/support/outgoing.ts'
import { createEmail } from './email.ts'
import { createSmtp } from './smtp.ts'

/** One mail to a server that follows the script: what became of it, and what the server has. */
async function mailTo(script: SmtpScript, options: { ms?: number; title?: string } = {}) {
  const fake = await startSmtp()
  Object.assign(fake.script, script)
  const transport = createSmtp(fake.url)
  const email = createEmail({ transport, from: 'Todo <todo@example.org>', publicUrl: 'https://todo.example' })
  try {
    const message = outgoing(options.title === undefined ? {} : { title: options.title })
    return { outcome: await email.send(message, within(options.ms)), mails: fake.mails }
  } finally {
    transport.close()
    await fake.stop()
  }
}

test('a mail arrives with both bodies and the headers to unsubscribe', async () => {
  const { outcome, mails } = await mailTo({})
  assert.deepEqual(outcome, { class: 'sent', status: 250 })
  assert.deepEqual([mails[0]!.from, mails[0]!.to], ['todo@example.org', ['ann@example.org']])
  const { raw } = mails[0]!
  assert.match(raw, /^List-Unsubscribe: <https:\/\/todo\.example\/unsubscribe\/tok>/m)
  assert.match(raw, /^List-Unsubscribe-Post: List-Unsubscribe=One-Click/m)
  assert.match(raw, /^Content-Type: text\/plain/m)
  assert.match(raw, /^Content-Type: text\/html/m)
  assert.match(raw, /^Message-ID: <[0-9a-f]{32}@example\.org>/im)
  assert.match(raw, /^From: Todo <todo@example\.org>/m)
})

test('a title with line breaks adds no header', async () => {
  const { mails } = await mailTo({}, { title: 'Pay\r\nBcc: eve@example.org\r\n\r\nrent' })
  assert.deepEqual(mails[0]!.to, ['ann@example.org'])
  assert.doesNotMatch(mails[0]!.raw.split('\r\n\r\n')[0]!, /^Bcc:/im)
})

const classes: [SmtpScript, object][] = [
  [{ rcpt: '550 5.1.1 no such user' }, { class: 'gone', status: 550 }],
  [{ rcpt: '550 5.7.1 not from you' }, { class: 'permanent', status: 550 }],
  [{ rcpt: '450 4.2.1 greylisted' }, { class: 'transient', status: 450, outage: false }],
  [{ stored: '554 5.6.0 looks like spam' }, { class: 'permanent', status: 554 }],
  [{ stored: '452 4.3.1 disk full' }, { class: 'transient', status: 452, outage: false }],
  [{ auth: '535 5.7.8 wrong password' }, { class: 'credential', status: 535 }],
  [{ auth: '454 4.7.0 try later' }, { class: 'transient', status: 454 }],
  [{ greeting: '421 4.3.2 closing' }, { class: 'transient', outage: true }],
  [{ greeting: 'reset' }, { class: 'transient', status: null, outage: true }],
  [{ stored: 'reset' }, { class: 'transient', status: null, outage: true, uncertain: true }],
]
for (const [script, expected] of classes) {
  test(`${JSON.stringify(script)} is classified as ${JSON.stringify(expected)}`, async () => {
    const { outcome } = await mailTo(script)
    assert.partialDeepStrictEqual(outcome, expected)
  })
}

test('a server that is not there is a passing failure of which nothing can have arrived', async () => {
  const fake = await startSmtp()
  await fake.stop()
  const transport = createSmtp(fake.url)
  after(() => transport.close())
  const email = createEmail({ transport, from: 'todo@example.org', publicUrl: null })
  const outcome = await email.send(outgoing(), within())
  assert.partialDeepStrictEqual(outcome, { class: 'transient', outage: true, uncertain: false })
})

test('a server that hangs after the mail ends with the signal of the sender', async () => {
  await assert.rejects(mailTo({ stored: 'hang' }, { ms: 300 }), { name: 'TimeoutError' })
})
