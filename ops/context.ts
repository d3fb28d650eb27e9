import { readFileSync } from 'node:fs'
import type { Admin, Kafka } from 'kafkajs'
import type { OpsConfig } from '../shared/config.ts'
import { AppError } from '../shared/errors.ts'
import { createKafka } from './kafka.ts'

/** What a command works with. Its answer goes to `print`, one line at a time. */
export type Context = {
  config: OpsConfig
  kafka: Kafka
  /** Ends with Ctrl-C, or when whoever reads our output has gone. */
  signal: AbortSignal
  print: (line: string) => void
}

export function createContext(
  config: OpsConfig,
  signal: AbortSignal,
  print: (line: string) => void,
): Context {
  const { brokers, username, password, mechanism, tls, caFile } = config
  if (mechanism !== 'scram-sha-256' && mechanism !== 'scram-sha-512') {
    throw new AppError('invalid', `KAFKA_SASL_MECHANISM is ${mechanism}`, {
      hint: 'Use scram-sha-256 or scram-sha-512.',
    })
  }
  const ca = (caFile === null ? config.ca : readFileSync(caFile, 'utf8')) ?? undefined
  return { config, kafka: createKafka({ brokers, username, password, mechanism, tls, ca }), signal, print }
}

export const brokerHint =
  'Set KAFKA_BROKERS, and for TLS and SCRAM KAFKA_USERNAME, KAFKA_PASSWORD and KAFKA_CA_FILE.'

/** Lends a connection for administration, and says in one sentence where it looked when there is none. */
export async function withAdmin<T>(
  { kafka, config }: Context,
  work: (admin: Admin) => Promise<T>,
): Promise<T> {
  const admin = kafka.admin()
  try {
    await admin.connect()
  } catch (cause) {
    const who = config.username === undefined ? 'without a user' : `as ${config.username}`
    throw new AppError(
      'unavailable',
      `No broker answers at ${config.brokers.join(', ')} ${who}: ${messageOf(cause)}`,
      {
        hint: brokerHint,
        cause,
      },
    )
  }
  return work(admin).finally(() => admin.disconnect())
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
