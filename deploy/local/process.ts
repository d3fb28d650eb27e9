import { execFileSync, spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** How a program is started. `env` is all it gets beside PATH, HOME and the locale. */
export type Command = { file: string; args: string[]; env?: Record<string, string>; cwd?: string }

/** A process we started. The start time makes sure that a reused pid is never taken for it. */
export type ProcessRecord = { pid: number; startedAt: string; command: string }

/** When `pid` started, as the system tells it, or null when no such process lives (a zombie does not). */
export function startTime(pid: number): string | null {
  if (process.platform === 'linux') {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      // The name in parentheses may hold spaces and parentheses; fields are counted from the last one: 3 is the state,
      // 22 the start time in ticks since boot.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      return fields[0] === 'Z' || fields[0] === 'X' ? null : fields[19]!
    } catch {
      return null
    }
  }
  try {
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim()
    return line === '' || line.startsWith('Z') ? null : line.replace(/^\S+\s+/, '')
  } catch {
    return null
  }
}

export function isAlive(record: ProcessRecord): boolean {
  return startTime(record.pid) === record.startedAt
}

/** The process of a record file, or null when there is none or it is gone. */
export function readRecord(file: string): ProcessRecord | null {
  try {
    const record = JSON.parse(readFileSync(file, 'utf8')) as ProcessRecord
    return isAlive(record) ? record : null
  } catch {
    return null
  }
}

export function writeRecord(file: string, pid: number, command: string): ProcessRecord | null {
  const startedAt = startTime(pid)
  if (startedAt === null) return null
  const record = { pid, startedAt, command }
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, JSON.stringify(record) + '\n')
  return record
}

/** Starts a program that outlives us, its output appended to `logFile`. */
export function startDetached(command: Command, logFile: string, recordFile: string): ProcessRecord {
  mkdirSync(dirname(logFile), { recursive: true })
  const log = openSync(logFile, 'a', 0o600)
  try {
    const child = spawn(command.file, command.args, {
      cwd: command.cwd ?? dirname(logFile),
      env: command.env ?? {},
      detached: true,
      stdio: ['ignore', log, log],
    })
    // Without a listener a missing program would end us; the missing pid below tells the caller.
    child.on('error', () => {})
    child.unref()
    const record = child.pid === undefined ? null : writeRecord(recordFile, child.pid, command.file)
    if (!record) throw new Error(`${command.file} ended at once; see ${logFile}`)
    return record
  } finally {
    closeSync(log)
  }
}

/** Sends a signal to exactly the recorded process; false when it is gone already. */
export function signal(record: ProcessRecord, name: NodeJS.Signals): boolean {
  if (!isAlive(record)) return false
  try {
    process.kill(record.pid, name)
    return true
  } catch {
    return false
  }
}

/** Resolves true once the process is gone, false when it still lives after `ms`. */
export async function waitForEnd(record: ProcessRecord, ms: number): Promise<boolean> {
  const end = Date.now() + ms
  while (isAlive(record)) {
    if (Date.now() > end) return false
    await sleep(20)
  }
  return true
}

/** Asks the process to end, and after `graceMs` no longer asks. */
export async function stopProcess(
  record: ProcessRecord,
  name: NodeJS.Signals,
  graceMs: number,
): Promise<void> {
  // A stopped process (SIGSTOP) would not hear the request.
  signal(record, 'SIGCONT')
  signal(record, name)
  if (await waitForEnd(record, graceMs)) return
  signal(record, 'SIGKILL')
  await waitForEnd(record, 10_000)
}

export function forgetRecord(file: string): void {
  rmSync(file, { force: true })
}

/** The last lines of a log, for an error message. */
export function logTail(file: string, lines = 8): string {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines).join('\n')
  } catch {
    return ''
  }
}
