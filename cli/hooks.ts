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
function hookOf({ config, paths }: Place, name: HookName): string | null {
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
  const { stdout, stderr, failure } = run(
    context,
    file,
    items.map((item) => `${JSON.stringify(item)}\n`).join(''),
  )
  const said = escapeControls(stdout + stderr, { keepLines: true })
  if (said !== '') context.out.note(said.endsWith('\n') ? said : `${said}\n`)
  if (failure !== null) context.out.note(`todo: the hook ${name} ${failure}.\n`)
}

/** The task as `before-add` wants it; throws when it refuses. */
export function askHook<T extends object>(context: Place & Pick<Context, 'flags'>, task: T): T {
  const file = hookOf(context, 'before-add')
  if (file === null) return task
  const { stdout, stderr, failure } = run(context, file, `${JSON.stringify(task)}\n`)
  const [said = ''] = stderr.trim().split('\n')
  if (failure !== null) throw refused(said || `the hook before-add ${failure}`)
  if (stdout.trim() === '') return task
  try {
    return JSON.parse(stdout) as T
  } catch {
    throw refused('the hook before-add printed something that is not JSON')
  }
}

const refused = (why: string) =>
  new AppError('conflict', `Not added: ${why}.`, {
    hint: 'See the folder hooks beside your settings.',
    reason: 'hook_refused',
  })

function run({ paths }: Place, file: string, input: string) {
  const seconds = Number(
    lookUp(readSettings(paths), 'hooks.timeout_seconds') ?? settings['hooks.timeout_seconds'].fallback,
  )
  const { spawnSync } = process.getBuiltinModule('node:child_process')
  const { stdout, stderr, status, error } = spawnSync(file, [], {
    input,
    encoding: 'utf8',
    timeout: seconds * 1000,
    killSignal: 'SIGKILL',
    env: inheritedEnvironment({ TODO_IN_HOOK: '1' }),
  })
  const isLate = (error as NodeJS.ErrnoException | undefined)?.code === 'ETIMEDOUT'
  const failure = isLate
    ? `took longer than ${seconds} s`
    : error
      ? `could not run: ${error.message}`
      : status === 0
        ? null
        : `failed (${status})`
  // A hook that reads nothing closes its stdin early.
  const ignored = (error as NodeJS.ErrnoException | undefined)?.code === 'EPIPE' && status === 0
  return { stdout: stdout ?? '', stderr: stderr ?? '', failure: ignored ? null : failure }
}
