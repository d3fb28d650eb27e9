import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hash } from '@node-rs/argon2'
import { createPasswords, hashParameters } from './password.ts'

const passwords = createPasswords()

test('a password is stored as argon2id with 19 MiB, two passes and one lane, and a salt of its own', async () => {
  const [one, two] = await Promise.all([passwords.hash('the same words'), passwords.hash('the same words')])
  assert.match(one, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
  assert.notEqual(one, two)
  assert.deepEqual(await passwords.verify(one, 'the same words'), { right: true, outdated: false })
  assert.deepEqual(await passwords.verify(one, 'The same words'), { right: false, outdated: false })
})

test('a long password counts to its last letter', async () => {
  const long = 'ä'.repeat(1023)
  const stored = await passwords.hash(`${long}x`)
  assert.equal((await passwords.verify(stored, `${long}x`)).right, true)
  assert.equal((await passwords.verify(stored, `${long}y`)).right, false)
})

test('a hash with weaker parameters is right and asks to be renewed, one with stronger is left alone', async () => {
  const weak = await hash('some old words', { ...hashParameters, memoryCost: 8192 })
  assert.deepEqual(await passwords.verify(weak, 'some old words'), { right: true, outdated: true })
  const strong = await hash('some new words', { ...hashParameters, timeCost: 3 })
  assert.deepEqual(await passwords.verify(strong, 'some new words'), { right: true, outdated: false })
})

test('nobody has no password, and is checked with the same parameters as everybody', async () => {
  assert.deepEqual(await passwords.verify(null, ''), { right: false, outdated: false })
  assert.deepEqual(await passwords.verify(null, 'anything at all'), { right: false, outdated: false })
})

test('only so many hashes run at once, the others wait, and beyond the queue they are refused with a wait', async () => {
  const few = createPasswords({ parallel: 1, waiting: 2 })
  const results = await Promise.allSettled(Array.from({ length: 5 }, () => few.verify(null, 'x')))
  const refused = results.filter((result) => result.status === 'rejected')
  assert.equal(refused.length, 2)
  for (const { reason } of refused) {
    assert.equal(reason.code, 'unavailable')
    assert.ok(reason.retryAfterSec > 0)
  }
  assert.equal((await few.verify(null, 'x')).right, false)
})

test('the event loop goes on while passwords are hashed', async () => {
  let turns = 0
  const timer = setInterval(() => {
    turns += 1
  }, 1)
  await Promise.all(Array.from({ length: 4 }, () => passwords.verify(null, 'x')))
  clearInterval(timer)
  assert.ok(turns >= 4, `${turns} turns`)
})
