import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { AppError } from './errors.ts'
import { createSecretBox } from './secret-box.ts'

const [first, second] = [randomBytes(32), randomBytes(32)]
const ann = '3f0a1d5e-6a55-4f8e-9d55-0c6f6d5f2a11'
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const isUnreadable = (error: unknown) => error instanceof AppError && error.reason === 'secret_unreadable'

test('a sealed secret opens with the key, is never the same twice, and shows nothing of itself', () => {
  const box = createSecretBox({ current: first, previous: null })
  const [one, other] = [box.seal(secret, ann), box.seal(secret, ann)]
  assert.notEqual(one, other)
  assert.ok(!one.includes('whsec') && !one.includes(secret.slice(6, 16)))
  assert.deepEqual([box.open(one, ann), box.open(other, ann)], [secret, secret])
})

test('another key, another owner or a changed byte does not open it', () => {
  const box = createSecretBox({ current: first, previous: null })
  const sealed = box.seal(secret, ann)
  assert.throws(() => createSecretBox({ current: second, previous: null }).open(sealed, ann), isUnreadable)
  assert.throws(() => createSecretBox({ current: null, previous: null }).open(sealed, ann), isUnreadable)
  assert.throws(() => box.open(sealed, crypto.randomUUID()), isUnreadable)
  for (let at = sealed.lastIndexOf(':') + 1; at < sealed.length - 2; at += 7) {
    const swapped = sealed[at] === 'A' ? 'B' : 'A'
    assert.throws(() => box.open(sealed.slice(0, at) + swapped + sealed.slice(at + 1), ann), isUnreadable)
  }
  assert.throws(() => box.open(sealed.slice(0, -30), ann), isUnreadable)
})

test('while the key is changed both open, only the new one seals, and the old ones are known', () => {
  const before = createSecretBox({ current: first, previous: null })
  const during = createSecretBox({ current: second, previous: first })
  const after = createSecretBox({ current: second, previous: null })
  const old = before.seal(secret, ann)
  assert.equal(during.open(old, ann), secret)
  assert.equal(during.isCurrent(old), false)
  const anew = during.seal(secret, ann)
  assert.equal(during.isCurrent(anew), true)
  assert.equal(after.open(anew, ann), secret)
  assert.throws(() => after.open(old, ann), isUnreadable)
})

test('without a key secrets are stored as they are, and such ones are read when there is a key', () => {
  const none = createSecretBox({ current: null, previous: null })
  assert.equal(none.seal(secret, ann), secret)
  assert.equal(none.isCurrent(secret), true)
  const box = createSecretBox({ current: first, previous: null })
  assert.equal(box.open(secret, ann), secret)
  assert.equal(box.isCurrent(secret), false)
})
