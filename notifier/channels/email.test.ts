import assert from 'node:assert/strict'
import { test } from 'node:test'
import { outgoing } from '../../test/support/outgoing.ts'
import { composeMail, createEmail, parseAddress } from './email.ts'

const options = { from: 'todo <todo@example.org>', publicUrl: 'https://todo.example/' }

test('no line break of a title gets into the subject', () => {
  const mail = composeMail(outgoing({ title: 'Pay\r\nBcc: eve@example.org\nrent\u2028x' }), options)
  assert.equal(mail.subject, 'Pay Bcc: eve@example.org rent x')
})

test('markup in a title is text in the HTML part', () => {
  const title = `<img src=x onerror="alert('1')"> & co`
  const { html, text } = composeMail(outgoing({ title, body: '<b>' }), options)
  assert.ok(html.includes('&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt; &amp; co'))
  assert.ok(html.includes('&lt;b&gt;') && !html.includes('<b>'))
  assert.ok(text.includes(title))
})

test('a subject is cut between characters', () => {
  const { subject } = composeMail(outgoing({ title: '🙂'.repeat(300) }), options)
  assert.ok(subject.isWellFormed() && [...subject].length === 150)
})

test('both bodies carry the link to unsubscribe; without a public address there is none', () => {
  const link = 'https://todo.example/unsubscribe/tok'
  const mail = composeMail(outgoing(), options)
  assert.ok(mail.text.includes(link) && mail.html.includes(link))
  const inner = composeMail(outgoing(), { ...options, publicUrl: null })
  assert.equal(inner.headers['List-Unsubscribe'], undefined)
  assert.ok(!inner.text.includes('Unsubscribe'))
})

test('the Message-ID is the same for each attempt and another for each event', () => {
  const id = (eventId: string) => composeMail(outgoing({ eventId }), options).headers['Message-ID']
  assert.equal(id('a'), id('a'))
  assert.notEqual(id('a'), id('b'))
  assert.match(id('a')!, /^<[0-9a-f]{32}@example\.org>$/)
})

test('what is no address is never handed to a transport', async () => {
  const email = createEmail({
    ...options,
    transport: { concurrency: 1, send: () => assert.fail('was handed over') },
  })
  for (const target of ['ann@example.org\r\nBcc: eve@example.org', 'nobody', 'a@b, c@d.org']) {
    const outcome = await email.send(outgoing({ channel: { target } }), new AbortController().signal)
    assert.equal(outcome.class, 'permanent', target)
  }
})

test('a sender may have a name', () => {
  assert.deepEqual(parseAddress('Todo team <todo@example.org>'), {
    name: 'Todo team',
    email: 'todo@example.org',
  })
  assert.deepEqual(parseAddress('"Todo, Inc." <t@example.org>'), {
    name: 'Todo, Inc.',
    email: 't@example.org',
  })
  assert.deepEqual(parseAddress('todo@example.org'), { name: null, email: 'todo@example.org' })
})
