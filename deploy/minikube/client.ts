import { randomBytes } from 'node:crypto'

export type Person = {
  id: string
  request<T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<T>
}

/** Makes an account of its own for a check; `request` speaks for it, below `/api/{user_id}`. */
export async function registerPerson(url: string): Promise<Person> {
  const email = `check-${randomBytes(6).toString('hex')}@example.org`
  const answer = await send(`${url}/api/auth/register`, 'POST', {
    email,
    password: randomBytes(12).toString('hex'),
  })
  const { user, access_token } = answer as { user: { id: string }; access_token: string }
  return {
    id: user.id,
    request: async <T>(method: string, path: string, body?: unknown) =>
      (await send(`${url}/api/${user.id}${path}`, method, body, access_token)) as T,
  }
}

async function send(url: string, method: string, body?: unknown, token?: string): Promise<unknown> {
  const headers: Record<string, string> = {}
  if (body !== undefined) headers['content-type'] = 'application/json'
  if (token !== undefined) headers.authorization = `Bearer ${token}`
  const response = await fetch(url, {
    method,
    headers,
    signal: AbortSignal.timeout(10_000),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  if (!response.ok)
    throw new Error(`${method} ${new URL(url).pathname} answered ${response.status}: ${text.slice(0, 300)}`)
  return text === '' ? null : JSON.parse(text)
}

/** Asks until `done` says yes of an answer, and returns that; after `ms` it throws what was waited for. */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T>,
  done: (answer: T) => boolean,
  ms = 30_000,
): Promise<T> {
  const deadline = Date.now() + ms
  for (;;) {
    const answer = await ask()
    if (done(answer)) return answer
    if (Date.now() > deadline) {
      throw new Error(
        `${what}: not within ${ms / 1000} s, last seen ${JSON.stringify(answer)?.slice(0, 500)}`,
      )
    }
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}
