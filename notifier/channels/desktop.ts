import { execFile } from 'node:child_process'
import { constants } from 'node:fs'
import { open, readdir, stat } from 'node:fs/promises'
import { platform } from 'node:os'
import { join } from 'node:path'
import { oneLine } from '../messages.ts'
import type { Sender } from '../outcome.ts'

export type DesktopOptions = {
  /** Runs a program with arguments; false when it is missing or fails. */
  run?: (file: string, args: string[], signal: AbortSignal) => Promise<boolean>
  /** Paths of the terminals to write to when there is no desktop. */
  terminals?: () => Promise<string[]>
}

const runMs = 5_000

/**
 * For the person at this machine: the desktop's notifications where there are any, else a bell and OSC 9 in their
 * open terminals. Shown is sent; nobody can tell whether it was seen.
 */
export function createDesktop(options: DesktopOptions = {}): Sender {
  const run = options.run ?? runProgram
  const terminals = options.terminals ?? ownTerminals
  return {
    concurrency: 1,
    async send(message, signal) {
      const [title, body] = [oneLine(message.title), message.body.split('\n').map(oneLine).join('\n')]
      for (const [file, ...args] of commands(title, body)) {
        if (await run(file, args, signal)) return { class: 'sent', status: null, note: file }
      }
      const bell = `\x07\x1b]9;${[...(body === '' ? title : `${title} (${oneLine(body)})`)].slice(0, 200).join('')}\x07`
      let rung = 0
      for (const path of await terminals()) if (await writeTo(path, bell)) rung += 1
      return rung > 0
        ? { class: 'sent', status: null, note: 'terminal' }
        : { class: 'absent', reason: 'no_desktop' }
    },
  }
}

/** Texts are arguments, never part of a command. notify-send reads some markup in the body, so that is escaped. */
function commands(title: string, body: string): [string, ...string[]][] {
  if (platform() === 'darwin') {
    const lines = [
      'on run argv',
      'display notification (item 2 of argv) with title (item 1 of argv)',
      'end run',
    ]
    return [['osascript', ...lines.flatMap((line) => ['-e', line]), title, body]]
  }
  const plain = body.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  return [['notify-send', '--app-name=todo', '--', title, plain]]
}

const runProgram = (file: string, args: string[], signal: AbortSignal): Promise<boolean> =>
  new Promise((resolve) => {
    execFile(file, args, { timeout: runMs, signal }, (error) => resolve(error === null))
  })

/** Terminals of this user that take messages (`mesg y` sets the group's write bit). */
async function ownTerminals(): Promise<string[]> {
  const folder = '/dev/pts'
  const names = await readdir(folder).catch(() => [])
  const paths = names.filter((name) => /^\d+$/.test(name)).map((name) => join(folder, name))
  const checked = await Promise.all(
    paths.map(async (path) => {
      const found = await stat(path).catch(() => null)
      return found !== null && found.uid === process.getuid?.() && (found.mode & 0o020) !== 0
    }),
  )
  return paths.filter((_, n) => checked[n])
}

/** A terminal that is stopped or full must not stop us, nor become ours. */
async function writeTo(path: string, text: string): Promise<boolean> {
  try {
    const file = await open(path, constants.O_WRONLY | constants.O_NOCTTY | constants.O_NONBLOCK)
    try {
      await file.write(text)
      return true
    } finally {
      await file.close()
    }
  } catch {
    return false
  }
}
