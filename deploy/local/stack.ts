import { existsSync, mkdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { createKafka } from '../../ops/kafka.ts'
import { applyTopics } from '../../ops/topics.ts'
import { type StackConfig, stackConfig } from '../../shared/config.ts'
import { composeDown, composeStatus, composeUp, isComposed } from './compose.ts'
import { nativeParts } from './native.ts'
import { postgresPart, postgresUrl } from './postgres.ts'
import { migrateDatabase, servicePart } from './service.ts'
import { apps, defaultPort, loadSecrets, portsFrom, root } from './settings.ts'
import { type Stack, supervise } from './supervise.ts'
import { dockerRuns, fetchKafka, findTools, type Missing, type Tools } from './tools.ts'

const usage = `node deploy/local/stack.ts up|status|down [--port BASE] [--home FOLDER] [--with native|docker]

Runs the whole event stack on this machine, on loopback: Postgres, Kafka, Redis or Valkey, the three services
and a Dapr sidecar beside each. All ports follow from one base (${defaultPort}, or STACK_PORT); everything lies
in one folder (.stack, or STACK_HOME), which "down" removes.`

const say = (line: string) => void process.stdout.write(`${line}\n`)

type Place = { home: string; base: number; config: StackConfig }

async function main(config: StackConfig): Promise<number> {
  const text = { type: 'string' } as const
  const options = { port: text, home: text, with: text, help: { type: 'boolean', short: 'h' } } as const
  const { values, positionals } = parseArgs({ options, allowPositionals: true })
  const verb = positionals[0]
  if (values.help) return tell(usage, 0)
  const home = resolve(values.home ?? config.home ?? join(root, '.stack'))
  const base = Number(values.port ?? config.port ?? rememberedPort(home) ?? defaultPort)
  if (!Number.isInteger(base) || base < 1024 || base > 65_000) {
    return tell('The base of the ports must be a number from 1024 to 65000.', 2)
  }
  const place = { home, base, config }
  if (verb === 'up') return up(place, values.with)
  if (verb !== 'status' && verb !== 'down') return tell(usage, 2)
  if (!existsSync(home))
    return tell(`There is no stack in ${home}. Start one: make stack-up`, verb === 'down' ? 0 : 1)
  return verb === 'status' ? status(place) : down(place)
}

function tell(text: string, code: number): number {
  say(text)
  return code
}

/** Chooses the way: the one asked for, else native where its parts are, else docker where that runs. */
async function up(place: Place, asked: string | undefined): Promise<number> {
  const { home, base, config } = place
  const { tools, missing } = findTools(config.env)
  const way = asked ?? (tools ? 'native' : dockerRuns(config.env) ? 'docker' : 'none')
  if (way === 'docker') return composeUp({ home, base, env: config.env, say })
  if (!tools) return tell(explain(missing), 1)
  mkdirSync(home, { recursive: true, mode: 0o700 })
  writeFileSync(join(home, 'port'), `${base}\n`)
  return upNative(place, tools)
}

function explain(missing: Missing[]): string {
  const lines = missing.map((one) => `  ${one.what}\n      ${one.install}`)
  return `The native stack misses\n${lines.join('\n')}\nand docker with compose, the other way, does not run here.`
}

async function upNative(place: Place, tools: Tools): Promise<number> {
  const { home, base } = place
  const began = Date.now()
  say(`Native stack in ${home}, ports from ${base}`)
  await fetchKafka(tools, say)
  const stack = stackOf(place, tools)
  const ports = portsFrom(base)
  await stack.start('kafka', 'redis', 'postgres')
  const admin = createKafka({ brokers: [`127.0.0.1:${ports.kafka}`] }).admin()
  await admin.connect()
  const { created, changed } = await applyTopics(admin, { replicationFactor: 1 }).finally(() =>
    admin.disconnect(),
  )
  say(`  ${'topics'.padEnd(16)} ${created.length} created, ${changed.length} changed`)
  const migrations = await migrateDatabase(postgresUrl(home))
  say(`  ${'migrations'.padEnd(16)} ${migrations.length} applied`)
  await stack.start(...apps, ...apps.map((app) => `daprd-${app}`))
  say(`Up in ${((Date.now() - began) / 1000).toFixed(1)} s, logs in ${join(home, 'log')}`)
  say(`  TODO_API_URL=http://127.0.0.1:${ports.server}`)
  say(`  KAFKA_BROKERS=127.0.0.1:${ports.kafka}`)
  return 0
}

/** The same parts for every verb: where a program is not found, its part can still be asked and stopped. */
function stackOf({ home, base, config }: Place, found: Tools | null): Stack {
  const ports = portsFrom(base)
  const secrets = loadSecrets(home)
  const tools = found ?? { daprd: 'daprd', java: 'java', kafkaLibs: '', redis: 'redis-server' }
  const databaseUrl = postgresUrl(home)
  const common = { ports, secrets, databaseUrl, from: 'dist' as const, extra: config.passed }
  const services = apps.map((app) => servicePart({ app, ...common }))
  const parts = [...nativeParts({ home, tools, ports, secrets }), postgresPart(home), ...services]
  return supervise({ home, parts, env: config.env, say })
}

async function status(place: Place): Promise<number> {
  if (isComposed(place.home)) return composeStatus(place.home, place.config.env)
  const parts = await stackOf(place, findTools(place.config.env).tools).status()
  for (const { name, pid, answers, address } of parts) {
    const state = pid === null ? 'not running' : answers ? 'answers' : 'does not answer'
    say(`  ${name.padEnd(16)} ${state.padEnd(16)} ${String(pid ?? '').padEnd(8)} ${address}`)
  }
  return parts.every(({ answers }) => answers) ? 0 : 1
}

async function down(place: Place): Promise<number> {
  const { home, config } = place
  if (isComposed(home)) await composeDown(home, config.env)
  else await stackOf(place, findTools(config.env).tools).down()
  // Only what a stack makes, so that a folder given by mistake loses nothing.
  const ours = [
    'dapr',
    'kafka',
    'log',
    'postgres',
    'postgres-lib',
    'redis',
    'run',
    'compose.env',
    'port',
    'secrets.json',
  ]
  for (const name of ours) rmSync(join(home, name), { recursive: true, force: true })
  try {
    rmdirSync(home)
  } catch {
    say(`Left alone in ${home}: what the stack did not make.`)
  }
  return tell('The stack is down and its folder removed.', 0)
}

function rememberedPort(home: string): string | null {
  const file = join(home, 'port')
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : null
}

main(stackConfig()).then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    process.exitCode = tell(error instanceof Error ? error.message : String(error), 1)
  },
)
