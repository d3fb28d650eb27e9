import { execFileSync } from 'node:child_process'
import { readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'

/** What `postmaster.pid` in a data folder says about the Postgres that wrote it. */
export type Postmaster = { pid: number; socketDir: string; port: number; status: string }

const pidFile = (dataDir: string): string => join(dataDir, 'postmaster.pid')

/** Null when there is no file or it is not yet complete enough to name a process. */
export function readPostmaster(dataDir: string): Postmaster | null {
  let lines: string[]
  try {
    lines = readFileSync(pidFile(dataDir), 'utf8').split('\n')
  } catch {
    return null
  }
  const pid = Number(lines[0])
  if (!Number.isSafeInteger(pid) || pid <= 0) return null
  return { pid, port: Number(lines[3] ?? 0), socketDir: lines[4] ?? '', status: (lines[7] ?? '').trim() }
}

/**
 * True while the process runs. A zombie counts as dead: it holds nothing any more, and where process 1 never reaps
 * it would look alive for ever.
 */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  return !isZombie(pid)
}

function isZombie(pid: number): boolean {
  if (process.platform !== 'linux') return false
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The name before it is in parentheses and may itself contain some.
    const state = stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3)
    return state === 'Z' || state === 'X'
  } catch {
    return true
  }
}

/** True when `pid` runs and is the Postgres of this data folder, not a stranger who got its number. */
export function isPostmaster(pid: number, dataDir: string): boolean {
  return isRunning(pid) && mayServe(pid, dataDir)
}

function mayServe(pid: number, dataDir: string): boolean {
  if (process.platform !== 'linux') return commandOf(pid).includes('postgres')
  try {
    // Postgres makes its data folder its working folder.
    return readlinkSync(`/proc/${pid}/cwd`) === dataDir
  } catch {
    // Of another account's process only the command line may be read.
    return commandOf(pid).includes(dataDir)
  }
}

function commandOf(pid: number): string {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })
  } catch {
    return ''
  }
}

/**
 * Postgres believes a pid file as long as any process has that number, even a zombie or a stranger. Our own number
 * in its place is one it takes for stale (its parent's), while the rest of the file still lets it see processes of
 * the old server that have not gone yet; deleting the file would lose that check.
 */
export function disownPidFile(dataDir: string): void {
  const lines = readFileSync(pidFile(dataDir), 'utf8').split('\n')
  writeFileSync(pidFile(dataDir), [String(process.pid), ...lines.slice(1)].join('\n'))
}

/** The SSLRequest packet; a living server answers it with one letter before any sign-in. */
const sslRequest = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f])

/** True when a Postgres answers on the socket within the time. */
export function answers(socketDir: string, port: number, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(join(socketDir, `.s.PGSQL.${port}`))
    const settle = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket.setTimeout(timeoutMs, () => settle(false))
    socket.once('connect', () => socket.write(sslRequest))
    socket.once('data', () => settle(true))
    socket.once('error', () => settle(false))
    socket.once('close', () => settle(false))
  })
}
