import { mkdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Part } from './part.ts'
import { until } from './part.ts'
import type { Command, ProcessRecord } from './process.ts'
import {
  forgetRecord,
  isAlive,
  logTail,
  readRecord,
  signal,
  startDetached,
  stopProcess,
  waitForEnd,
  writeRecord,
} from './process.ts'

export type PartStatus = { name: string; pid: number | null; answers: boolean; address: string; log: string }

/** Parts by name, each of which can be started, stopped, killed and asked. */
export type Stack = {
  readonly names: string[]
  /** Starts what is not running and waits until it answers. */
  start(...names: string[]): Promise<void>
  stop(...names: string[]): Promise<void>
  /** Sends the signal (SIGKILL unless told); a deadly one waits for the end. False when it was not running. */
  kill(name: string, signal?: NodeJS.Signals): Promise<boolean>
  pid(name: string): number | null
  log(name: string): string
  status(): Promise<PartStatus[]>
  /** Stops everything, the parts that others stand on last. */
  down(): Promise<void>
}

export type SupervisorOptions = {
  /** Below it lie `run/` (one record for each process) and `log/`. */
  home: string
  parts: Part[]
  /** The caller's environment, of which the programs get no more than they need to run. */
  env: Record<string, string | undefined>
  /** Told of each part that is up, and how long it took. */
  say?: ((line: string) => void) | undefined
}

/** Runs parts as processes that outlive us. What it knows of them lies in files, so the next one finds them. */
export function supervise({ home, parts, env, say = () => {} }: SupervisorOptions): Stack {
  mkdirSync(home, { recursive: true, mode: 0o700 })
  const byName = new Map(parts.map((part) => [part.name, part]))
  const recordFile = (name: string) => join(home, 'run', `${name}.json`)
  const logFile = (name: string) => join(home, 'log', `${name}.log`)
  const running = (name: string) => readRecord(recordFile(name))
  const find = (name: string): Part => {
    const part = byName.get(name)
    if (!part)
      throw new Error(`no part of the stack is called ${name}; there are ${[...byName.keys()].join(', ')}`)
    return part
  }
  const start = async (name: string) => {
    const part = find(name)
    const began = Date.now()
    const before = running(name)
    if (!before) await part.prepare?.()
    const record = before ?? (await launch(part, env, logFile(name), recordFile(name)))
    await until(() => part.ready(), {
      ms: 60_000,
      what: name,
      giveUp: () => ended(record, name, logFile(name)),
    })
    const seconds = ((Date.now() - began) / 1000).toFixed(1)
    say(`  ${name.padEnd(16)} ${before ? 'was running' : `${seconds} s`}`)
  }
  const stop = async (name: string) => {
    const record = running(name)
    if (record) await stopProcess(record, find(name).stopSignal, find(name).graceMs)
    forgetRecord(recordFile(name))
  }
  const stateOf = async (part: Part): Promise<PartStatus> => {
    const pid = running(part.name)?.pid ?? null
    const answers = pid !== null && (await part.ready())
    return { name: part.name, pid, answers, address: part.address, log: logFile(part.name) }
  }
  return {
    names: parts.map((part) => part.name),
    start: async (...names) => void (await Promise.all(names.map(start))),
    stop: async (...names) => void (await Promise.all(names.map(stop))),
    kill: async (name, signalName = 'SIGKILL') => {
      const record = running(name)
      if (!record || !signal(record, signalName)) return false
      if (signalName === 'SIGKILL' || signalName === 'SIGTERM') await waitForEnd(record, 20_000)
      return true
    },
    pid: (name) => running(name)?.pid ?? null,
    log: logFile,
    status: () => Promise.all(parts.map(stateOf)),
    down: async () => {
      for (const ground of [false, true]) {
        await Promise.all(parts.filter((part) => part.ground === ground).map((part) => stop(part.name)))
      }
      rmSync(join(home, 'run'), { recursive: true, force: true })
    },
  }
}

async function launch(
  part: Part,
  env: SupervisorOptions['env'],
  log: string,
  recordFile: string,
): Promise<ProcessRecord> {
  mkdirSync(dirname(log), { recursive: true })
  if (part.command) return startDetached(withBasics(env, part.command()), log, recordFile)
  const record = writeRecord(recordFile, await part.launch(log), part.name)
  if (!record) throw new Error(`${part.name} ended at once; see ${log}`)
  return record
}

function ended(record: ProcessRecord, name: string, log: string): string | null {
  return isAlive(record) ? null : `${name} ended; the last lines of ${log}:\n${logTail(log)}`
}

function withBasics(env: SupervisorOptions['env'], command: Command): Command {
  const basics: Record<string, string> = {}
  for (const name of ['PATH', 'HOME', 'LANG', 'TZ', 'JAVA_HOME', 'SSL_CERT_FILE', 'TMPDIR']) {
    const value = env[name]
    if (value !== undefined) basics[name] = value
  }
  return { ...command, env: { ...basics, ...command.env } }
}
