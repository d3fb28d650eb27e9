import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Part } from './part.ts'
import { portOpen } from './part.ts'
import { renderText } from './render.ts'
import { root } from './settings.ts'

/** A broker that asks for a login: users by SCRAM-SHA-256, over TLS with a key store of type PKCS12. */
export type KafkaGuard = {
  users: Record<string, string>
  admin: string
  keyStore: string
  keyStorePassword: string
}

/** One KRaft node. Only the first compiler of the JVM: it starts a second sooner and is fast enough for a desk. */
export function kafkaPart(options: {
  home: string
  java: string
  libs: string
  port: number
  controllerPort: number
  guard?: KafkaGuard | undefined
}): Part {
  const data = join(options.home, 'kafka/data')
  const properties = join(options.home, 'kafka/server.properties')
  const java = (...args: string[]) => [
    ...['-Xms64m', '-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'],
    `-Dlog4j2.configurationFile=${join(root, 'deploy/local/kafka-log4j2.properties')}`,
    ...['-cp', join(options.libs, '*'), ...args],
  ]
  const prepare = async () => {
    mkdirSync(join(options.home, 'kafka'), { recursive: true })
    const template = readFileSync(join(root, 'deploy/local/kafka.properties'), 'utf8')
    const values = {
      KAFKA_PORT: String(options.port),
      CONTROLLER_PORT: String(options.controllerPort),
      DATA_DIR: data,
    }
    const guarded = options.guard ? guardLines(options.guard, options) : ''
    writeFileSync(properties, renderText(template, values) + guarded, { mode: 0o600 })
    if (existsSync(join(data, 'meta.properties'))) return
    const id = randomBytes(16)
    // An id that begins with a dash would be taken for an option.
    id[0]! &= 0x7f
    const cluster = id.toString('base64url')
    // Its output may hold credentials and is never kept.
    await promisify(execFile)(
      options.java,
      java(
        'kafka.tools.StorageTool',
        'format',
        '-t',
        cluster,
        '-c',
        properties,
        ...scramUsers(options.guard),
      ),
    )
  }
  return {
    name: 'kafka',
    ground: true,
    prepare,
    command: () => ({ file: options.java, args: java('kafka.Kafka', properties) }),
    // The client port opens only when the broker is usable.
    ready: () => portOpen(options.port),
    stopSignal: 'SIGTERM',
    graceMs: 15_000,
    address: `127.0.0.1:${options.port}`,
  }
}

const scramUsers = (guard: KafkaGuard | undefined): string[] =>
  Object.entries(guard?.users ?? {}).flatMap(([name, password]) => [
    '--add-scram',
    `SCRAM-SHA-256=[name=${name},password=${password}]`,
  ])

/** Later lines of a properties file win over earlier ones. The controller's port stays as it is, on loopback. */
function guardLines(
  { users, admin, keyStore, keyStorePassword }: KafkaGuard,
  ports: { port: number; controllerPort: number },
): string {
  const { port, controllerPort } = ports
  const login = 'org.apache.kafka.common.security.scram.ScramLoginModule required'
  return [
    `listeners=SASL_SSL://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    `advertised.listeners=SASL_SSL://127.0.0.1:${port}`,
    'inter.broker.listener.name=SASL_SSL',
    'listener.security.protocol.map=SASL_SSL:SASL_SSL,CONTROLLER:PLAINTEXT',
    'sasl.enabled.mechanisms=SCRAM-SHA-256',
    'sasl.mechanism.inter.broker.protocol=SCRAM-SHA-256',
    `listener.name.sasl_ssl.scram-sha-256.sasl.jaas.config=${login} username="${admin}" password="${users[admin]}";`,
    'ssl.keystore.type=PKCS12',
    `ssl.keystore.location=${keyStore}`,
    `ssl.keystore.password=${keyStorePassword}`,
    `ssl.truststore.type=PKCS12`,
    `ssl.truststore.location=${keyStore}`,
    `ssl.truststore.password=${keyStorePassword}`,
    'authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    `super.users=User:${admin};User:ANONYMOUS`,
    '',
  ].join('\n')
}
