import { daprdPart } from './daprd.ts'
import { type KafkaGuard, kafkaPart } from './kafka.ts'
import type { Part } from './part.ts'
import { redisPart } from './redis.ts'
import { type KafkaLogin, renderDapr } from './render.ts'
import { type App, apps, type Ports, type Secrets } from './settings.ts'
import type { Tools } from './tools.ts'

export type NativeOptions = {
  /** The folder that holds all of it: data, logs, process records, rendered files. */
  home: string
  tools: Tools
  ports: Ports
  secrets: Secrets
  /** How often the recurrer's clock ticks, as Dapr's cron binding writes it; default every minute. */
  cronSchedule?: string
  /** Make the broker ask for a login by SCRAM over TLS, and log the sidecars in. */
  guard?: { broker: KafkaGuard; login: KafkaLogin } | undefined
}

/** What the product stands on, as programs of this machine: Kafka, Redis or Valkey, and a sidecar for each service. */
export function nativeParts(options: NativeOptions): Part[] {
  const { home, tools, ports, secrets } = options
  const sidecar = (app: App) =>
    daprdPart({
      home,
      app,
      secrets,
      program: tools.daprd,
      appPort: ports[app],
      ports: ports.daprd[app],
      prepare: async () => renderDapr({ ...options, kafkaLogin: options.guard?.login }),
    })
  return [
    kafkaPart({
      home,
      java: tools.java,
      libs: tools.kafkaLibs,
      guard: options.guard?.broker,
      port: ports.kafka,
      controllerPort: ports.controller,
    }),
    redisPart({ home, program: tools.redis, port: ports.redis, password: secrets.redis }),
    ...apps.map(sidecar),
  ]
}
