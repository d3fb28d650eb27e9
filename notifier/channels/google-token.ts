import { createPrivateKey, type KeyObject, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Agent } from 'undici'
import { z } from 'zod'
import { AppError } from '../../shared/errors.ts'
import { type Outcome, retryAfterMs } from '../outcome.ts'
import { type Answer, networkOutcome, parseJson, post } from './http.ts'

const ServiceAccount = z.object({
  client_email: z.string().min(1),
  private_key: z.string().min(1),
  project_id: z.string().min(1),
  token_uri: z.url().default('https://oauth2.googleapis.com/token'),
})
export type ServiceAccount = z.infer<typeof ServiceAccount> & { key: KeyObject }

/** `text` is the account's JSON or the path of its file. Errors name the variable and never quote the key. */
export function readServiceAccount(text: string): ServiceAccount {
  const refuse = (what: string) =>
    new AppError('invalid', `FCM_SERVICE_ACCOUNT ${what}.`, {
      hint: "Set it to the service account's JSON, or to the path of the file with it.",
    })
  try {
    const account = ServiceAccount.parse(
      JSON.parse(text.trim().startsWith('{') ? text : readFileSync(text, 'utf8')),
    )
    return { ...account, key: createPrivateKey(account.private_key) }
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    throw refuse(missing ? 'names a file that does not exist' : 'is not a service account')
  }
}

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
  if (status === 429 || status >= 500) {
    const asked = retryAfterMs(answer.headers['retry-after'])
    return {
      class: 'transient',
      status,
      error,
      outage: true,
      ...(asked !== undefined && { retryAfterMs: asked }),
    }
  }
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
