import type { SignedIn } from '../shared/api/auth.ts'
import { type HttpResponse, type Send, toError } from '../shared/api-client.ts'
import type { HomePaths } from '../shared/config.ts'
import { AppError } from '../shared/errors.ts'
import { changeCredentials, type Place, readCredentials, type Secrets } from './credentials.ts'
import type { Target } from './place.ts'

/** An access token is renewed this long before it ends, so that it does not end on its way. */
const marginMs = 30_000

export const sessionOf = (answer: SignedIn): Secrets => ({
  kind: 'session',
  access_token: answer.access_token,
  expires_at: Date.now() + answer.expires_in * 1000,
  refresh_token: answer.refresh_token,
})

type Call<Q, R> = (request: Q) => Promise<R>
type Headed = { headers: Record<string, string> }

/** Sends every request with the token of its context, and renews it when it ends or has been refused. */
export const signedSend = (send: Send, target: Target, paths: HomePaths): Send =>
  signed(send, send, target, paths)

/** The same for any way of calling; `send` is for the renewal. */
export function signed<Q extends Headed, R extends { status: number }>(
  call: Call<Q, R>,
  send: Send,
  target: Target,
  paths: HomePaths,
): Call<Q, R> {
  let secrets = target.place.secrets
  const renewed = async (refused: string | null): Promise<Secrets> => {
    secrets = await renew(send, target, paths, secrets, refused)
    return secrets
  }
  return async (request) => {
    if (secrets === undefined) throw notSignedIn(target.place)
    const isEnding = secrets.kind === 'session' && secrets.expires_at - marginMs < Date.now()
    const used = isEnding ? await renewed(null) : secrets
    const response = await call(withBearer(request, used))
    if (response.status !== 401 || used.kind === 'token') return response
    // Ended on the server before its time: by a change of the signing key, or because the session has ended.
    const again = await renewed(used.access_token)
    return call(withBearer(request, again))
  }
}

const withBearer = <Q extends Headed>(request: Q, secrets: Secrets): Q => {
  const token = secrets.kind === 'session' ? secrets.access_token : secrets.token
  return { ...request, headers: { ...request.headers, authorization: `Bearer ${token}` } }
}

/**
 * A fresh access token. Another command may have renewed it meanwhile: then the file has it, and the refresh token that
 * we remember has been used.
 */
async function renew(
  send: Send,
  { name, place }: Target,
  paths: HomePaths,
  known: Secrets | undefined,
  refused: string | null,
): Promise<Secrets> {
  const stored = name === null ? known : readCredentials(paths).contexts[name]?.secrets
  if (stored === undefined) throw notSignedIn(place)
  if (stored.kind === 'token') return stored
  const isFresh = stored.expires_at - marginMs > Date.now() && stored.access_token !== refused
  if (isFresh) return stored
  const response = await refresh(send, stored.refresh_token)
  if (response.status === 401) {
    if (name !== null) forget(paths, name, stored.refresh_token)
    throw notSignedIn(place)
  }
  if (response.status >= 400) throw toError(response)
  const next = sessionOf(JSON.parse(response.body) as SignedIn)
  if (name !== null) {
    changeCredentials(paths, ({ contexts }) => {
      const there = contexts[name]
      if (there !== undefined) there.secrets = next
    })
  }
  return next
}

const refresh = (send: Send, token: string): Promise<HttpResponse> =>
  send({
    method: 'POST',
    path: '/api/auth/refresh',
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify({ refresh_token: token }),
  })

/** Only what was refused: another command may have signed in again meanwhile. */
function forget(paths: HomePaths, name: string, refreshToken: string): void {
  changeCredentials(paths, ({ contexts }) => {
    const there = contexts[name]
    if (there?.secrets?.kind === 'session' && there.secrets.refresh_token === refreshToken)
      delete there.secrets
  })
}

export const notSignedIn = ({ url }: Place): AppError =>
  new AppError('unauthenticated', `You are not signed in at ${url}.`, {
    hint: `Run \`todo login ${url}\`.`,
    reason: 'not_signed_in',
  })
