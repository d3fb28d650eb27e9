import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { renderDapr } from './render.ts'
import { loadSecrets, portsFrom, readVersions, root } from './settings.ts'

type Environment = Record<string, string | undefined>

const envFile = (home: string) => join(home, 'compose.env')

/** True when the stack in this folder was started by docker. */
export const isComposed = (home: string): boolean => existsSync(envFile(home))

/** The values of compose.yaml, written to a file of the stack's folder that `docker compose` reads. */
export function writeComposeEnv(home: string, base: number): void {
  const ports = portsFrom(base)
  const secrets = loadSecrets(home)
  const values = {
    ...readVersions(),
    STACK_HOME: home,
    SERVER_PORT: ports.server,
    NOTIFIER_PORT: ports.notifier,
    RECURRER_PORT: ports.recurrer,
    SERVER_DAPR_PORT: ports.daprd.server.http,
    KAFKA_PORT: ports.kafka,
    POSTGRES_PORT: ports.postgres,
    POSTGRES_PASSWORD: secrets.redis,
    REDIS_PASSWORD: secrets.redis,
    JWT_SECRET: secrets.jwt,
    DAPR_API_TOKEN: secrets.daprApiToken,
    APP_API_TOKEN: secrets.appApiToken,
  }
  const lines = Object.entries(values).map(([name, value]) => `${name}=${value}`)
  writeFileSync(envFile(home), `${lines.join('\n')}\n`, { mode: 0o600 })
  const names = { KAFKA_BROKERS: 'kafka:9092', REDIS_HOST: 'redis:6379', SECRETS_FILE: '/dapr/secrets.json' }
  renderDapr({ home, ports, secrets, values: names })
}

/** Builds the image and starts all containers; returns docker's exit code. */
export async function composeUp(options: {
  home: string
  base: number
  env: Environment
  say: (line: string) => void
}): Promise<number> {
  const { home, base, env, say } = options
  mkdirSync(home, { recursive: true, mode: 0o700 })
  writeFileSync(join(home, 'port'), `${base}\n`)
  writeComposeEnv(home, base)
  say(`Stack by docker compose, ports from ${base}`)
  const code = await compose(home, env, ['up', '--detach', '--build', '--wait'])
  if (code === 0) say(`  TODO_API_URL=http://127.0.0.1:${portsFrom(base).server}`)
  return code
}

export const composeStatus = (home: string, env: Environment): Promise<number> =>
  compose(home, env, ['ps', '--all'])

/** Removes the containers, their network and their volumes. */
export const composeDown = (home: string, env: Environment): Promise<number> =>
  compose(home, env, ['down', '--volumes', '--remove-orphans'])

function compose(home: string, env: Environment, args: string[]): Promise<number> {
  const file = join(root, 'deploy/local/compose.yaml')
  const all = ['compose', '--file', file, '--env-file', envFile(home), ...args]
  return new Promise((resolve, reject) => {
    const child = spawn('docker', all, { stdio: 'inherit', env })
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  })
}
