import assert from 'node:assert/strict'
import { createHmac, createSign, generateKeyPairSync, randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { createAccessTokens } from './access-token.ts'

const secret = 'öQ3v8Xk1Zr6Tn9Wb2Ym5Hd7Ls4Pf0Jg+'
const now = () => 1_800_000_000_000
const seconds = 1_800_000_000
const who = { userId: '7d1f8c9e-1c1b-4c57-9d0a-1d2f3a4b5c6d', sessionId: 7 }
const tokens = createAccessTokens({ secret, now })

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const decode = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString())
const hmac = (text: string, key: string | Buffer, hash = 'sha256') =>
  createHmac(hash, key).update(text).digest('base64url')

const header = { alg: 'HS256', typ: 'JWT' }
const claims = {
  iss: 'todo',
  aud: 'todo-api',
  sub: who.userId,
  type: 'access',
  iat: seconds,
  exp: seconds + 900,
  jti: 'one',
}
const forge = (change: object = {}, head: object = header, key: string = secret) => {
  const text = `${encode(head)}.${encode({ ...claims, ...change })}`
  return `${text}.${hmac(text, key)}`
}

test('an access token is HS256 over the bytes of the secret, with the agreed header and claims', () => {
  const { token, expiresIn } = tokens.issue(who)
  const [head, body, signature] = token.split('.') as [string, string, string]
  assert.deepEqual(decode(head), header)
  const { jti, sid, ...said } = decode(body)
  assert.deepEqual(said, {
    iss: 'todo',
    aud: 'todo-api',
    sub: who.userId,
    type: 'access',
    iat: seconds,
    exp: seconds + 900,
  })
  assert.equal(sid, 7)
  assert.notEqual(jti, decode(tokens.issue(who).token.split('.')[1]!).jti)
  assert.equal(signature, hmac(`${head}.${body}`, Buffer.from(secret, 'utf8')))
  assert.equal(expiresIn, 900)
  assert.deepEqual(tokens.read(token), { ...who, expiresAt: seconds + 900 })
})

test('a token with the agreed claims and a good signature is accepted, whoever made it', () => {
  assert.deepEqual(tokens.read(forge()), { userId: who.userId, sessionId: null, expiresAt: seconds + 900 })
  assert.notEqual(tokens.read(forge({}, { typ: 'JWT', alg: 'HS256' })), null)
})

test('no algorithm but HS256 and no header but ours is accepted', () => {
  const body = encode(claims)
  const none = [{ alg: 'none' }, { alg: 'None', typ: 'JWT' }, { alg: 'NONE', typ: 'JWT' }, { typ: 'JWT' }]
  for (const head of none) {
    assert.equal(tokens.read(`${encode(head)}.${body}.`), null)
    assert.equal(tokens.read(forge({}, head)), null)
  }
  for (const [alg, hash] of [
    ['HS384', 'sha384'],
    ['HS512', 'sha512'],
  ] as const) {
    const text = `${encode({ alg, typ: 'JWT' })}.${body}`
    assert.equal(tokens.read(`${text}.${hmac(text, secret, hash)}`), null)
  }
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const rs = `${encode({ alg: 'RS256', typ: 'JWT' })}.${body}`
  assert.equal(tokens.read(`${rs}.${createSign('sha256').update(rs).sign(privateKey, 'base64url')}`), null)
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
  assert.equal(tokens.read(forge({}, header, pem)), null)
  const extras = [{ kid: '1' }, { jku: 'https://evil.example/keys' }, { x5u: 'https://evil.example' }]
  for (const extra of [...extras, { jwk: { kty: 'oct', k: 'AA' } }, { crit: ['exp'] }, { zip: 'DEF' }]) {
    assert.equal(tokens.read(forge({}, { ...header, ...extra })), null, JSON.stringify(extra))
  }
})

test('issuer, audience, type, subject and times must all be right', () => {
  const wrong: Record<string, unknown>[] = [
    ...[{ iss: 'other' }, { iss: undefined }, { aud: 'other' }, { aud: ['todo-api'] }, { aud: undefined }],
    ...[{ type: 'refresh' }, { type: undefined }, { sub: 'me' }, { sub: undefined }, { sub: 7 }],
    ...[{ exp: seconds }, { exp: seconds - 1 }, { exp: undefined }, { exp: '9999999999' }, { exp: null }],
    ...[{ iat: undefined }, { iat: seconds + 31, exp: seconds + 900 }, { nbf: seconds + 31 }, { nbf: 'now' }],
    ...[{ exp: seconds + 901 }, { iat: seconds - 900, exp: seconds + 1 }, { jti: undefined }, { sid: 'x' }],
  ]
  for (const change of wrong) assert.equal(tokens.read(forge(change)), null, JSON.stringify(change))
  for (const change of [{ nbf: seconds }, { iat: seconds - 899, exp: seconds + 1 }, { iat: seconds + 30 }]) {
    assert.notEqual(tokens.read(forge(change)), null, JSON.stringify(change))
  }
})

test('a token ends in the second it names', () => {
  let time = now()
  const ticking = createAccessTokens({ secret, now: () => time })
  const { token } = ticking.issue(who)
  time += 899_999
  assert.notEqual(ticking.read(token), null)
  time += 1
  assert.equal(ticking.read(token), null)
})

test('a token that was read before ends all the same, and opens nothing for another one', () => {
  let clock = now()
  const later = createAccessTokens({ secret, now: () => clock })
  const { token } = later.issue(who)
  assert.deepEqual(later.read(token), later.read(token))
  assert.equal(later.read(`${token.slice(0, -2)}AA`), null)
  clock += 900_000
  assert.equal(later.read(token), null)
})

test('no single changed letter leaves a token valid', () => {
  const { token } = tokens.issue(who)
  for (let at = 0; at < token.length; at += 1) {
    const other = token[at] === 'A' ? 'Q' : 'A'
    const changed = token.slice(0, at) + other + token.slice(at + 1)
    // The last letter carries two bits that mean nothing; decoding drops them.
    if (at === token.length - 1) continue
    assert.equal(tokens.read(changed), null, `letter ${at}`)
  }
})

test('what is no token at all is refused without an error', () => {
  const odd = ['', '.', '..', '...', 'a.b.c', 'null.null.null', forge().slice(0, -1), `${forge()}.x`]
  for (const text of [
    ...odd,
    `${encode(null)}.${encode(null)}.x`,
    `${encode([])}.${encode('x')}.`,
    randomUUID(),
  ]) {
    assert.equal(tokens.read(text), null, text)
  }
})

test('the key before a rotation still opens tokens, and closes none', () => {
  const previous = 'Bm4Qx7Nt2Vc9Kd5Hs1Rw8Zp3Lg6Yj0Fa'
  const old = createAccessTokens({ secret: previous, now }).issue(who).token
  const rotated = createAccessTokens({ secret, previous, now })
  assert.notEqual(rotated.read(old), null)
  assert.equal(tokens.read(old), null)
  assert.notEqual(tokens.read(rotated.issue(who).token), null)
})
