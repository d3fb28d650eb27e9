import { type Agent, request } from 'undici'
import { type Outcome, retryAfterMs } from '../outcome.ts'

export type Answer = { status: number; headers: Record<string, string | string[] | undefined>; text: string }

/** An answer is read for its error code only; whoever sends more is cut off. */
const longestAnswer = 4096

/**
 * One POST without redirects. Rejects when no answer came; `networkOutcome` says what that means. The caller's signal
 * limits the whole of it, reading included.
 */
export async function post(
  agent: Agent,
  url: string,
  options: { headers: Record<string, string>; body: string; signal: AbortSignal },
): Promise<Answer> {
  const answer = await request(url, { ...options, dispatcher: agent, method: 'POST' })
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of answer.body) {
      chunks.push(chunk as Buffer)
      size += (chunk as Buffer).length
      if (size >= longestAnswer) break
    }
  } catch (error) {
    // The status has come, so the request was understood; only its explanation is missing.
    if (options.signal.aborted) throw error
  }
  const text = Buffer.concat(chunks).subarray(0, longestAnswer).toString('utf8')
  return { status: answer.statusCode, headers: answer.headers, text }
}

/** Failures before anything of the request can have arrived. */
const beforeSending =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT|ERR_TLS_.*|CERT_.*|DEPTH_ZERO_.*|SELF_SIGNED_.*|UNABLE_TO_.*|ERR_SSL_.*|EPROTO)$/

/** What a failed connection means: always later; and it may have arrived, unless it surely has not. */
export function networkOutcome(error: unknown, signal: AbortSignal): Outcome {
  if (signal.aborted) throw error
  const code = codeOf(error)
  return {
    class: 'transient',
    status: null,
    error: `no answer (${code || 'connection failed'})`,
    outage: true,
    uncertain: !beforeSending.test(code),
  }
}

/** The target could not work now, and says so itself; when it names a time, that is when to try again. */
export function transient(
  { status, headers }: Answer,
  error: string,
): Extract<Outcome, { class: 'transient' }> {
  const asked = retryAfterMs(headers['retry-after'])
  return {
    class: 'transient',
    status,
    error,
    outage: true,
    ...(asked !== undefined && { retryAfterMs: asked }),
  }
}

/** Undici and the resolver wrap the code that tells most: that of a cause, or of the first address that failed. */
export function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return ''
  const { code, cause, errors } = error as { code?: unknown; cause?: unknown; errors?: unknown[] }
  const inner = codeOf(cause) || codeOf(errors?.[0])
  return inner || (typeof code === 'string' ? code : '')
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
