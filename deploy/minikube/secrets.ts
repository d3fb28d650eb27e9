import { randomBytes } from 'node:crypto'
import type { Cluster } from './cluster.ts'

const word = (bytes: number) => randomBytes(bytes).toString('hex')

/** The chart's secrets for a cluster that has its database and broker inside, by name and key. */
function freshSecrets(): Record<string, Record<string, string>> {
  const password = word(16)
  return {
    'todo-database': { password, url: `postgres://todo:${password}@postgres:5432/todo` },
    'todo-jwt': { secret: randomBytes(48).toString('base64') },
    'todo-sealing': { key: randomBytes(32).toString('base64') },
    'todo-dapr-api-token': { token: word(24) },
    'todo-app-token': { token: word(24) },
    // The broker asks for none of these; the component's references must lead somewhere all the same.
    'todo-kafka': { username: '', password: '', 'ca.crt': '' },
    'todo-redis': { password: word(16) },
  }
}

/** Makes the secrets that are not there. Those that are stay: the database was made with its password. */
export async function ensureSecrets(cluster: Cluster): Promise<string[]> {
  const made: string[] = []
  for (const [name, stringData] of Object.entries(freshSecrets())) {
    if ((await cluster.find(`secret/${name}`)) !== null) continue
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name }, stringData }
    await cluster.kubectl(['create', '--filename', '-'], { input: JSON.stringify(secret) })
    made.push(name)
  }
  return made
}
