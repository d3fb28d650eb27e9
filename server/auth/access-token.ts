import { createHmac, createSecretKey, type KeyObject, randomUUID, timingSafeEqual } from 'node:crypto'

const issuer = 'todo'
const audience = 'todo-api'

/** Longer ones are refused even with a good signature. */
export const accessTokenSeconds = 900

/** How far another replica's clock may be ahead of ours. What has ended has ended: `exp` has no leeway. */
const leewaySeconds = 30

/** How many tokens are remembered; about half a kilobyte each. */
const mostVerified = 2_000

/** What a valid access token says. `sessionId` is null in one that was made for no session. Times in seconds. */
export type Claims = { userId: string; sessionId: number | null; expiresAt: number }

export type AccessTokens = {
  issue(who: { userId: string; sessionId: number }): { token: string; expiresIn: number }
  /** Null for anything but a token of ours that is valid now. */
  read(token: string): Claims | null
}

/**
 * HS256 by node:crypto with keys made once. The header must be exactly ours, so there is nothing to negotiate: no
 * other algorithm, no `kid`, `jku` or `jwk`. `previous` is the key before a rotation, accepted but not used.
 */
export function createAccessTokens(settings: {
  secret: string
  previous?: string | null
  /** Milliseconds since 1970. */
  now?: () => number
}): AccessTokens {
  const { secret, previous, now = Date.now } = settings
  const [current, ...others] = [secret, ...(previous ? [previous] : [])].map((one) =>
    createSecretKey(one, 'utf8'),
  ) as [KeyObject, ...KeyObject[]]
  const keys = [current, ...others]
  const header = encode({ alg: 'HS256', typ: 'JWT' })
  const verify = (token: string): Claims | null => {
    const parts = token.split('.')
    if (parts.length !== 3) return null
    const [head, body, signature] = parts as [string, string, string]
    if (head !== header && !isOurHeader(decode(head))) return null
    const given = Buffer.from(signature, 'base64url')
    const isSigned = keys.some((key) => isSame(given, sign(key, `${head}.${body}`)))
    return isSigned ? claimsOf(decode(body), now() / 1000) : null
  }
  // What was right once stays right until it ends, so the requests of a client are signed for once.
  const verified = new Map<string, Claims>()
  return {
    issue: ({ userId, sessionId }) => {
      const iat = Math.floor(now() / 1000)
      const body = encode({
        iss: issuer,
        aud: audience,
        sub: userId,
        type: 'access',
        sid: sessionId,
        iat,
        exp: iat + accessTokenSeconds,
        jti: randomUUID(),
      })
      const signature = sign(current, `${header}.${body}`).toString('base64url')
      return { token: `${header}.${body}.${signature}`, expiresIn: accessTokenSeconds }
    },
    read: (token) => {
      const known = verified.get(token)
      if (known !== undefined && known.expiresAt > now() / 1000) return known
      verified.delete(token)
      const claims = verify(token)
      if (claims === null) return null
      verified.set(token, claims)
      if (verified.size > mostVerified) verified.delete(verified.keys().next().value!)
      return claims
    },
  }
}

const sign = (key: KeyObject, text: string): Buffer => createHmac('sha256', key).update(text).digest()

const isSame = (given: Buffer, wanted: Buffer): boolean =>
  given.length === wanted.length && timingSafeEqual(given, wanted)

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

function decode(part: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

/** The same two fields in another order are the same header; a third one is not. */
const isOurHeader = ({ alg, typ, ...rest }: Record<string, unknown>): boolean =>
  alg === 'HS256' && typ === 'JWT' && Object.keys(rest).length === 0

function claimsOf(claims: Record<string, unknown>, now: number): Claims | null {
  const { iss, aud, sub, type, sid, iat, nbf, exp, jti } = claims
  if (iss !== issuer || aud !== audience || type !== 'access') return null
  if (typeof sub !== 'string' || !isUuid.test(sub) || typeof jti !== 'string') return null
  if (!isTime(iat) || !isTime(exp) || !(nbf === undefined || isTime(nbf))) return null
  if (exp <= now || exp - iat > accessTokenSeconds) return null
  if (iat > now + leewaySeconds || (nbf !== undefined && nbf > now + leewaySeconds)) return null
  if (sid !== undefined && !Number.isSafeInteger(sid)) return null
  return { userId: sub, sessionId: sid === undefined ? null : (sid as number), expiresAt: exp }
}

const isTime = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)
const isUuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
