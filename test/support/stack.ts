import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import type { Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { serve } from '@hono/node-server'
import type { Hono } from 'hono'
import type { Admin, Kafka } from 'kafkajs'
import { type NativeOptions, nativeParts } from '../../deploy/local/native.ts'
import type { Part } from '../../deploy/local/part.ts'
import { startTime } from '../../deploy/local/process.ts'
import { type App, loadSecrets, type Ports, type Secrets } from '../../deploy/local/settings.ts'
import { type Stack, supervise } from '../../deploy/local/supervise.ts'
import { fetchKafka, findTools } from '../../deploy/local/tools.ts'
import { createKafka } from '../../ops/kafka.ts'
import { applyTopics } from '../../ops/topics.ts'
import { inheritedEnvironment } from '../../shared/config.ts'
import { freePorts } from './ports.ts'

export type TestStack = {
  home: string
  stack: Stack
  ports: Ports
  secrets: Secrets
  /** The broker, directly: for looking, never for producing to a keyed topic. */
  kafka: Kafka
  /** The address of an app's sidecar. */
  sidecar(app: App): string
  withAdmin<T>(work: (admin: Admin) => Promise<T>): Promise<T>
  /** Done at the end of the file, last first, while the stack still runs. */
  atEnd(work: () => Promise<unknown>): void
  /** Serves an app on the port where its sidecar looks for it, until the end of the file. */
  serveApp(app: App, hono: Hono): Promise<{ close(): Promise<void> }>
}

export type TestStackOptions = {
  /** Started in this order; parts of one list side by side. Default: Kafka and Redis, then all sidecars. */
  start?: string[][]
  cronSchedule?: string
  /** A broker with logins and TLS; `admin` is who we are. */
  guard?: (home: string, java: string) => NonNullable<NativeOptions['guard']>
  /** More parts than the infrastructure, e.g. the services. */
  extra?: (stack: { home: string; ports: Ports; secrets: Secrets }) => Part[]
}

/** The parts of a stack of its own on free ports, ended and removed after the file's tests. */
export async function startTestStack(options: TestStackOptions = {}): Promise<TestStack> {
  let end = async () => {}
  after(() => end())
  return openStack(options, (ending) => {
    end = ending
  })
}

/**
 * The same for a program that is no test. `onEnd` gets, before anything is started, what ends all of it and removes it.
 */
export async function openStack(
  options: TestStackOptions,
  onEnd: (end: () => Promise<void>) => void,
): Promise<TestStack> {
  sweep()
  const env = inheritedEnvironment({})
  const { tools, missing } = findTools(env)
  if (!tools) {
    const lines = missing.map((one) => `${one.what} is missing: ${one.install}`)
    throw new Error(`the event stack cannot run here\n${lines.join('\n')}`)
  }
  await fetchKafka(tools, (line) => process.stderr.write(`${line}\n`))
  const home = makeHome()
  const ports = await freePorts()
  const secrets = loadSecrets(home)
  const { cronSchedule = '@every 1s' } = options
  const extra = options.extra?.({ home, ports, secrets }) ?? []
  const guard = options.guard?.(home, tools.java)
  const parts = [...nativeParts({ home, tools, ports, secrets, cronSchedule, guard }), ...extra]
  const stack = supervise({ home, parts, env })
  const endings: (() => Promise<unknown>)[] = []
  onEnd(async () => {
    for (const work of endings.reverse()) await work()
    await stack.down()
    rmSync(home, { recursive: true, force: true })
  })
  const { admin, users } = guard?.broker ?? {}
  const login = guard && admin && users ? { username: admin, password: users[admin], ca: guard.login.ca } : {}
  const kafka = createKafka({ brokers: [`127.0.0.1:${ports.kafka}`], ...login })
  const test: TestStack = {
    home,
    stack,
    ports,
    secrets,
    kafka,
    sidecar: (app) => `http://127.0.0.1:${ports.daprd[app].http}`,
    withAdmin: async (work) => {
      const admin = kafka.admin()
      await admin.connect()
      return work(admin).finally(() => admin.disconnect())
    },
    atEnd: (work) => void endings.push(work),
    serveApp: async (app, hono) => {
      const server = await serveOn(ports[app], hono)
      endings.push(server.close)
      return server
    },
  }
  for (const names of options.start ?? [
    ['kafka', 'redis'],
    ['daprd-server', 'daprd-notifier', 'daprd-recurrer'],
  ]) {
    await stack.start(...names)
    if (names.includes('kafka')) await test.withAdmin((admin) => applyTopics(admin, { replicationFactor: 1 }))
  }
  return test
}

const prefix = 'todo-test-stack-'

/** It gets its name when it has its owner: another run that sweeps would take it for one that was left behind. */
function makeHome(): string {
  const made = mkdtempSync(join(tmpdir(), 'todo-new-stack-'))
  writeFileSync(join(made, 'owner'), JSON.stringify({ pid: process.pid, startedAt: startTime(process.pid) }))
  const home = made.replace('todo-new-stack-', prefix)
  renameSync(made, home)
  return home
}

/** A run that was killed leaves its programs behind; the next one ends them. */
function sweep(): void {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(prefix))) {
    const home = join(tmpdir(), name)
    if (ownerLives(home)) continue
    for (const { pid, startedAt } of records(home)) {
      if (startTime(pid) === startedAt) process.kill(pid, 'SIGKILL')
    }
    rmSync(home, { recursive: true, force: true })
  }
}

function ownerLives(home: string): boolean {
  try {
    const owner = JSON.parse(readFileSync(join(home, 'owner'), 'utf8'))
    return startTime(owner.pid) === owner.startedAt
  } catch {
    return false
  }
}

function records(home: string): { pid: number; startedAt: string }[] {
  try {
    const run = join(home, 'run')
    return readdirSync(run).map((name) => JSON.parse(readFileSync(join(run, name), 'utf8')))
  } catch {
    return []
  }
}

function serveOn(port: number, hono: Hono): Promise<{ close(): Promise<void> }> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: hono.fetch, port, hostname: '127.0.0.1' }, () =>
      resolve({ close }),
    ) as Server
    server.once('error', reject)
    // Like a process that ends: the port closes and so does every connection.
    const close = () =>
      new Promise<void>((done) => {
        if (!server.listening) return done()
        server.close(() => done())
        server.closeAllConnections()
      })
  })
}
