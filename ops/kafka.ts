import kafkajs, { type Kafka, type KafkaConfig } from 'kafkajs'

/** How the broker is reached. With a user it is SCRAM over TLS, as Redpanda Cloud and managed Kafka want it. */
export type BrokerOptions = {
  brokers: string[]
  username?: string | undefined
  password?: string | undefined
  mechanism?: 'scram-sha-256' | 'scram-sha-512'
  /** TLS without a user; with a user it is on unless this says false. */
  tls?: boolean | undefined
  /** PEM of a private authority. */
  ca?: string | undefined
}

/**
 * The broker as operators see it: topics, groups, records. It never produces to a keyed topic, because its hash of a
 * key differs from the sidecar's, and a task's events would part. The package is no ES module, hence the one import.
 */
export function createKafka(options: BrokerOptions): Kafka {
  const {
    brokers,
    username,
    password,
    mechanism = 'scram-sha-256',
    tls = username !== undefined,
    ca,
  } = options
  const config: KafkaConfig = {
    clientId: 'todo-ops',
    brokers,
    logLevel: kafkajs.logLevel.NOTHING,
    connectionTimeout: 5_000,
    requestTimeout: 15_000,
    retry: { retries: 3 },
    ssl: tls ? (ca ? { ca: [ca] } : true) : false,
  }
  if (username !== undefined) config.sasl = { mechanism, username, password: password ?? '' } as never
  return new kafkajs.Kafka(config)
}

/** The kind of resource that topic settings belong to. */
export const topicResource = kafkajs.ConfigResourceTypes.TOPIC
