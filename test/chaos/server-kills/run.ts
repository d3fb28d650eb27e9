import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Client, createClient, newTally, type Tally } from './client.ts'
import { type KilledServer, keepServing } from './server.ts'
import { verify } from './verify.ts'
import { createWriter, type Writer } from './writer.ts'

export type Outcome = {
  kills: number
  tally: Tally
  tasks: number
  events: number
  /** Milliseconds from each kill until the system was ready again. */
  starts: number[]
  faults: string[]
}

const kinds = ['server', 'both', 'postgres'] as const
const scopes = ['tasks:read', 'tasks:write', 'tags:read', 'tags:write']

type Person = { client: Client; writers: Writer[] }

/**
 * People write to `todo serve` without a pause while it, its Postgres or both are killed with SIGKILL at random
 * moments. In the end everything that was acknowledged must be there, once, with all its versions and events.
 */
export async function killServers({
  rounds,
  people = 3,
  onRound = () => {},
}: {
  rounds: number
  people?: number
  onRound?: (round: number, acknowledged: number) => void
}): Promise<Outcome> {
  const home = await mkdtemp(join(tmpdir(), 'todo-chaos-'))
  const server = keepServing(home)
  const tally = newTally()
  const starts: number[] = []
  let kills = 0
  try {
    await server.ready()
    const all = await Promise.all(Array.from({ length: people }, (_, n) => enter(server, n, tally)))
    const writers = all.flatMap((person) => person.writers)
    let writing = true
    const working = Promise.all(
      writers.map(async ({ step }) => {
        while (writing) await step()
      }),
    )
    for (let round = 0; round < rounds; round += 1) {
      const before = tally.acknowledged
      while (tally.acknowledged < before + 20) await sleep(20)
      await sleep(Math.random() * 600)
      kills += server.kill(kinds[round % kinds.length]!)
      starts.push(await server.ready())
      onRound(round + 1, tally.acknowledged)
    }
    await sleep(200)
    writing = false
    await working
    const verdicts = await Promise.all(
      all.map(({ client, writers }) =>
        verify(
          client,
          writers.flatMap(({ tasks }) => tasks),
        ),
      ),
    )
    const faults = [...tally.faults, ...writers.flatMap((writer) => writer.faults)]
    const sum = (of: 'tasks' | 'events') => verdicts.reduce((total, verdict) => total + verdict[of], 0)
    return {
      kills,
      tally,
      starts,
      tasks: sum('tasks'),
      events: sum('events'),
      faults: [...faults, ...verdicts.flatMap((verdict) => verdict.faults)],
    }
  } finally {
    await server.stop()
    await rm(home, { recursive: true, force: true })
  }
}

/** Two writers: the person at a terminal, and a script of theirs, each with an undo of its own. */
async function enter(server: KilledServer, n: number, tally: Tally): Promise<Person> {
  const post = async (path: string, body: object, token = '') => {
    const response = await fetch(`${server.url()}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(body),
    })
    return (await response.json()) as { access_token: string; token: string }
  }
  const account = { email: `person-${n}@example.org`, password: `a quiet fox jumps ${n} times` }
  const { access_token: session } = await post('/api/auth/register', account)
  const expires_at = new Date(Date.now() + 86_400_000).toISOString()
  const { token } = await post('/api/me/tokens', { name: 'script', scopes, expires_at }, session)
  const client = createClient(server.url, session, tally)
  const script = createClient(server.url, token, tally)
  return { client, writers: [createWriter(`person ${n}`, client), createWriter(`script ${n}`, script)] }
}
