import { accessSync, constants, existsSync } from 'node:fs'
import { join } from 'node:path'
import { inheritedEnvironment } from '../shared/config.ts'
import { AppError } from '../shared/errors.ts'
import type { Context } from './context.ts'
import { lookUp, readSettings, settings } from './settings.ts'
import { escapeControls } from './text.ts'

/**
 * Programs of the user in the folder `hooks` beside the settings. `before-add` gets the task that is to be added and may
 * print another one, or refuse it by failing; the others get what was done, an object a line.
 */
export type HookName = 'before-add' | 'on-add' | 'on-change' | 'on-done' | 'on-rm'

type Place = Pick<Context, 'config' | 'paths'>

/** The path of a hook; null where there is none, it cannot be run, or we are inside of one. */
export function hookOf({ config, paths }: Place, name: HookName): string | null {
  const folder = join(paths.config, 'hooks')
  if (config.inHook || !existsSync(folder)) return null
  const file = join(folder, name)
  try {
    accessSync(file, constants.X_OK)
    return file
  } catch {
    return null
  }
}

/** Tells a hook what was done. Its failure is told and changes nothing any more. */
export function runHook(
  context: Place & Pick<Context, 'out' | 'flags'>,
  name: HookName,
  items: object[],
): void {
  if (context.flags.dryRun || items.length === 0) return
  const file = hookOf(context, name)
  if (file === null) return
  const { stdout, stderr, failure } = run(context, file, linesOf(items))
  const said = escapeControls(stdout + stderr, { keepLines: true })
  if (said !== '') context.out.note(said.endsWith('\n') ? said : `${said}\n`)
  if (failure !== null) context.out.note(`todo: the hook ${name} ${failure}.\n`)
}

/** The same while the caller goes on drawing. Null where there is no such hook. */
export async function startHook(context: Place, name: HookName, items: object[]): Promise<Ran | null> {
  const file = items.length === 0 ? null : hookOf(context, name)
  return file === null ? null : runAside(context, file, linesOf(items))
}

/** The task as `before-add` wants it; throws when it refuses. */
export function askHook<T extends object>(context: Place & Pick<Context, 'flags'>, task: T): T {
  const file = hookOf(context, 'before-add')
  return file === null ? task : wanted(task, run(context, file, linesOf([task])))
}

/** The same while the caller goes on drawing. */
export async function askHookAside<T extends object>(context: Place, task: T): Promise<T> {
  const ran = await startHook(context, 'before-add', [task])
  return ran === null ? task : wanted(task, ran)
}

function wanted<T extends object>(task: T, { stdout, stderr, failure }: Ran): T {
  const [said = ''] = stderr.trim().split('\n')
  if (failure !== null) throw refused(said || `the hook before-add ${failure}`)
  if (stdout.trim() === '') return task
  try {
    return JSON.parse(stdout) as T
  } catch {
    throw refused('the hook before-add printed something that is not JSON')
  }
}

const linesOf = (items: object[]): string => items.map((item) => `${JSON.stringify(item)}\n`).join('')

const refused = (why: string) =>
  new AppError('conflict', `Not added: ${why}.`, {
    hint: 'See the folder hooks beside your settings.',
    reason: 'hook_refused',
  })

/** What a hook said; `failure` is what went wrong, as the end of a sentence. */
export type Ran = { stdout: string; stderr: string; failure: string | null }

const secondsOf = ({ paths }: Place): number =>
  Number(lookUp(readSettings(paths), 'hooks.timeout_seconds') ?? settings['hooks.timeout_seconds'].fallback)

const optionsOf = (seconds: number) => ({
  encoding: 'utf8' as const,
  timeout: seconds * 1000,
  killSignal: 'SIGKILL' as const,
  env: inheritedEnvironment({ TODO_IN_HOOK: '1' }),
})

function run(place: Place, file: string, input: string): Ran {
  const seconds = secondsOf(place)
  const { spawnSync } = process.getBuiltinModule('node:child_process')
  const { stdout, stderr, status, error } = spawnSync(file, [], { input, ...optionsOf(seconds) })
  const code = (error as NodeJS.ErrnoException | undefined)?.code
  // A hook that reads nothing closes its stdin early.
  const isIgnored = code === 'EPIPE' && status === 0
  const failure =
    isIgnored || (error === undefined && status === 0)
      ? null
      : failureOf(code === 'ETIMEDOUT', seconds, error?.message ?? status)
  return { stdout: stdout ?? '', stderr: stderr ?? '', failure }
}

function runAside(place: Place, file: string, input: string): Promise<Ran> {
  const seconds = secondsOf(place)
  const { execFile } = process.getBuiltinModule('node:child_process')
  return new Promise((resolve) => {
    const child = execFile(file, [], optionsOf(seconds), (error, stdout, stderr) => {
      const status = typeof error?.code === 'number' ? error.code : error?.message
      const failure = error === null ? null : failureOf(error.killed === true, seconds, status ?? null)
      resolve({ stdout, stderr, failure })
    })
    child.stdin?.on('error', () => {})
    child.stdin?.end(input)
  })
}

/** By the exit status, or why it could not run. */
function failureOf(isLate: boolean, seconds: number, status: number | string | null): string {
  if (isLate) return `took longer than ${seconds} s`
  return typeof status === 'string' ? `could not run: ${status}` : `failed (${status})`
}
