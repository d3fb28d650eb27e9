import { randomBytes } from 'node:crypto'
import { databaseUrl, type Places } from './values.ts'

export type SecretData = Record<string, string>

/**
 * Made once and kept: a new JWT secret would sign everybody out, a new sealing key would leave webhooks unsigned, new
 * tokens would part a service from its sidecar.
 */
export const keptSecrets = (): Record<string, SecretData> => ({
  'todo-jwt': { secret: randomBytes(48).toString('base64') },
  'todo-sealing': { key: randomBytes(32).toString('base64') },
  'todo-dapr-api-token': { token: randomBytes(24).toString('hex') },
  'todo-app-token': { token: randomBytes(24).toString('hex') },
})

/** What the managed services gave us; written anew each time, so that a changed password arrives. */
export const placeSecrets = ({ postgres, valkey, kafka }: Places): Record<string, SecretData> => ({
  'todo-database': { url: databaseUrl(postgres) },
  'todo-redis': { password: valkey.password },
  'todo-kafka': { username: kafka.username, password: kafka.password, 'ca.crt': kafka.ca },
})

export const secretManifest = (name: string, namespace: string, stringData: SecretData) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace, labels: { 'app.kubernetes.io/part-of': 'todo' } },
  type: 'Opaque',
  stringData,
})

export const namespaceManifest = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: {
    name,
    labels: {
      'pod-security.kubernetes.io/enforce': 'restricted',
      'pod-security.kubernetes.io/audit': 'restricted',
    },
  },
})
