import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Ports, Secrets } from './settings.ts'
import { root } from './settings.ts'

/**
 * Puts values in place of `${NAME}`. The chart does the same with its own values, so a value may only be what is safe
 * inside double quotes of YAML. Throws for a name without a value and for a value that could break out.
 */
export function renderText(text: string, values: Record<string, string>): string {
  return text.replaceAll(/\$\{([A-Z_]+)\}/g, (_, name: string) => {
    const value = values[name]
    if (value === undefined) throw new Error(`no value for \${${name}}`)
    if (/["\\\n\r]/.test(value))
      throw new Error(`the value of \${${name}} holds a quote, backslash or line end`)
    return value
  })
}

/** A broker with TLS and SCRAM in place of the local one. */
export type KafkaLogin = { username: string; password: string; ca: string }

export type DaprFiles = {
  home: string
  ports: Ports
  secrets: Secrets
  cronSchedule?: string | undefined
  values?: Record<string, string> | undefined
  kafkaLogin?: KafkaLogin | undefined
}

/**
 * Writes the chart's Dapr files with the values of this machine below `home/dapr`: `resources/`, which a sidecar
 * watches, `configuration.yaml`, and `secrets.json`, which stands in for Kubernetes secrets.
 */
export function renderDapr({ home, ports, secrets, cronSchedule, values, kafkaLogin }: DaprFiles): void {
  const folder = join(home, 'dapr')
  const secretsFile = join(folder, 'secrets.json')
  const all = {
    KAFKA_BROKERS: `127.0.0.1:${ports.kafka}`,
    KAFKA_AUTH_TYPE: kafkaLogin ? 'password' : 'none',
    KAFKA_SASL_MECHANISM: 'SHA-256',
    KAFKA_DISABLE_TLS: kafkaLogin ? 'false' : 'true',
    KAFKA_SECRET: 'todo-kafka',
    REDIS_HOST: `127.0.0.1:${ports.redis}`,
    REDIS_USERNAME: '',
    REDIS_ENABLE_TLS: 'false',
    REDIS_SECRET: 'todo-redis',
    SECRET_STORE: 'local-secrets',
    SECRETS_FILE: secretsFile,
    CRON_SCHEDULE: cronSchedule ?? '@every 1m',
    TRACING_SAMPLING_RATE: '1',
    OTLP_ENDPOINT: '',
    OTLP_SECURE: 'false',
    ...values,
  }
  const { username = '', password = '', ca = '' } = kafkaLogin ?? {}
  const stored = {
    'todo-kafka': { username, password, 'ca.crt': ca },
    'todo-redis': { password: secrets.redis },
  }
  mkdirSync(join(folder, 'resources'), { recursive: true })
  writeChanged(secretsFile, JSON.stringify(stored) + '\n')
  const chart = join(root, 'deploy/chart/dapr')
  const files = readdirSync(chart).map((name) => join(chart, name))
  for (const file of [...files, join(root, 'deploy/local/local-secrets.yaml')]) {
    const name = basename(file)
    // A configuration is given to a sidecar by its path and is not a resource.
    const target = name === 'configuration.yaml' ? folder : join(folder, 'resources')
    writeChanged(join(target, name), renderText(readFileSync(file, 'utf8'), all))
  }
}

/**
 * A sidecar reloads what is written in its folder, so equal files stay untouched. The stack's folder is its owner's
 * alone; the files themselves must be readable to a sidecar in a container, who is another user.
 */
function writeChanged(file: string, text: string): void {
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return
  writeFileSync(file, text, { mode: 0o644 })
}
