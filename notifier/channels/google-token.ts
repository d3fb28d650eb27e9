import { sign } from 'node:crypto'
import type { Agent } from 'undici'
import type { Outcome } from '../outcome.ts'
import { type Answer, networkOutcome, parseJson, post, transient } from './http.ts'
import type { ServiceAccount } from './service-account.ts'

const scope = 'https://www.googleapis.com/auth/firebase.messaging'
const lifeSec = 3600
/** Renewed early, so that none ends on its way. */
const earlyMs = 120_000

type Given = { token: string }

/** OAuth tokens of a service account (RFC 7523), one at a time, shared by all sends until shortly before they end. */
export function createAccessToken(account: ServiceAccount, agent: Agent) {
  let cached: { token: string; until: number } | null = null
  let asking: Promise<Given | Outcome> | null = null

  async function ask(signal: AbortSignal): Promise<Given | Outcome> {
    const body = new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: assertionOf(account, Math.floor(Date.now() / 1000)),
    }).toString()
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    try {
      const answer = await post(agent, account.token_uri, { headers, body, signal })
      const granted = parseJson(answer.text) as { access_token?: unknown; expires_in?: unknown } | undefined
      if (answer.status !== 200 || typeof granted?.access_token !== 'string') return refusal(answer)
      const lifeMs = (Number(granted.expires_in) || lifeSec) * 1000
      cached = { token: granted.access_token, until: Date.now() + Math.max(lifeMs - earlyMs, lifeMs / 2) }
      return { token: granted.access_token }
    } catch (error) {
      return notSent(networkOutcome(error, signal))
    }
  }

  return {
    /** A token, or what a failure to get one means for the message. */
    async get(signal: AbortSignal): Promise<Given | Outcome> {
      if (cached !== null && Date.now() < cached.until) return { token: cached.token }
      asking ??= ask(signal).finally(() => {
        asking = null
      })
      return asking
    },
    forget(token: string): void {
      if (cached?.token === token) cached = null
    },
  }
}

/** No token, no message: nothing can have arrived. */
const notSent = (outcome: Outcome): Outcome =>
  outcome.class === 'transient' ? { ...outcome, uncertain: false } : outcome

function refusal(answer: Answer): Outcome {
  const { status } = answer
  const error = `the OAuth server answered ${status}`
  if (status === 429 || status >= 500) return transient(answer, error)
  return { class: 'credential', status, error }
}

function assertionOf(account: ServiceAccount, now: number): string {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const claims = {
    iss: account.client_email,
    scope,
    aud: account.token_uri,
    iat: now,
    exp: now + lifeSec,
  }
  const signed = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(claims)}`
  return `${signed}.${sign('sha256', Buffer.from(signed), account.key).toString('base64url')}`
}
