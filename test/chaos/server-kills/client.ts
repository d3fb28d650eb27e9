import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'

// biome-ignore lint/suspicious/noExplicitAny: what an answer must hold is checked where it is used.
export type Answer = { status: number; json: any; repeated: boolean }

export type Tally = {
  /** Requests that were answered, each one told once however often it had to be sent. */
  acknowledged: number
  /** Times that a request had no answer, or 503, and was sent again. */
  repeated: number
  /** Answers that the server had kept from a try whose answer was lost. */
  replayed: number
  /** What no client should see. */
  faults: string[]
}

export const newTally = (): Tally => ({ acknowledged: 0, repeated: 0, replayed: 0, faults: [] })

export type Client = (method: string, path: string, body?: object, ifMatch?: number) => Promise<Answer>

/**
 * A client as it should be: a POST has an Idempotency-Key, and whatever had no answer is sent again, the same, until
 * there is one. `repeated` says that an earlier try may have been applied.
 */
export const createClient =
  (urlOf: () => string, token: string, tally: Tally): Client =>
  async (method, path, body, ifMatch) => {
    const headers: Record<string, string> = {
      authorization: `Bearer ${token}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(method === 'POST' && { 'idempotency-key': randomUUID() }),
      ...(ifMatch !== undefined && { 'if-match': `"${ifMatch}"` }),
    }
    const deadline = performance.now() + 60_000
    for (let tries = 0; ; tries += 1) {
      if (performance.now() > deadline) throw new Error(`${method} ${path}: no answer in a minute`)
      const answer = await ask(`${urlOf()}${path}`, method, headers, body)
      if (answer === null || answer.status === 503 || isInUse(answer)) {
        tally.repeated += 1
        await sleep(20)
        continue
      }
      if (answer.replayed) tally.replayed += 1
      if (answer.status >= 500 || answer.status === 401 || answer.status === 400) {
        tally.faults.push(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.json)}`)
      }
      tally.acknowledged += 1
      return { status: answer.status, json: answer.json, repeated: tries > 0 }
    }
  }

type Received = { status: number; json: unknown; replayed: boolean }

async function ask(
  url: string,
  method: string,
  headers: Record<string, string>,
  body: object | undefined,
): Promise<Received | null> {
  try {
    const response = await fetch(url, {
      method,
      headers,
      signal: AbortSignal.timeout(20_000),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    const replayed = response.headers.get('idempotent-replayed') === 'true'
    return { status: response.status, json: text === '' ? null : JSON.parse(text), replayed }
  } catch {
    return null
  }
}

/** The first try still runs in a server that does not know yet that its client has gone. */
const isInUse = ({ status, json }: Received): boolean =>
  status === 409 && (json as { code?: string }).code === 'idempotency_key_in_use'
