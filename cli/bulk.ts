import { AppError } from '../shared/errors.ts'
import type { Context } from './context.ts'
import { describeError, errorObject, usage } from './errors.ts'

/** More tasks than this are changed only after a question, or with `--yes`. */
export const askAbove = 3

/** Asks once on a terminal. Elsewhere naming ids is consent, but for deletion, which wants `--yes`. */
export async function confirm(
  context: Context,
  count: number,
  what: string,
  needsYes: boolean,
): Promise<boolean> {
  const { flags, terminal } = context
  if (count <= askAbove || flags.yes || flags.dryRun) return true
  if (!terminal.isInteractive || !flags.input) {
    if (!needsYes) return true
    throw usage(`This would ${what} ${count} tasks.`, 'Say --yes to do it, or --dry-run to see them.')
  }
  const { ask } = await import('./ask.ts')
  return ask(terminal, `${what.charAt(0).toUpperCase()}${what.slice(1)} ${count} tasks?`)
}

/**
 * Does `work` for each id and answers what came of it. Those that fail are told on stderr with their reason, the
 * others are done; a single failing one is an ordinary error.
 */
export async function forEachId<T>(
  context: Context,
  ids: number[],
  work: (id: number) => Promise<T>,
): Promise<{ results: T[]; exitCode: number }> {
  const results: T[] = []
  const failures: Failure[] = []
  for (const id of ids) {
    try {
      results.push(await work(id))
    } catch (error) {
      if (!(error instanceof AppError) || error.code === 'unavailable' || ids.length === 1) throw error
      failures.push({ of: { id }, error })
    }
  }
  tellFailures(context, failures)
  if (failures.length === 0) return { results, exitCode: 0 }
  if (results.length === 0 && failures.every(({ error }) => error.code === 'not_found'))
    return { results, exitCode: 3 }
  return { results, exitCode: 1 }
}

export type Failure = { of: { id: number } | { line: number }; error: AppError }

/** The ones of many that failed, on stderr: a line each, or with `--json` an object each. */
export function tellFailures({ out }: Pick<Context, 'out'>, failures: Failure[]): void {
  for (const { of, error } of failures) {
    if (out.mode === 'json' || out.mode === 'ndjson') {
      out.note(`${JSON.stringify({ ...errorObject(error), ...of })}\n`)
    } else {
      const name = 'id' in of ? `${of.id}` : `line ${of.line}`
      const faults = describeError(error).matchAll(/^todo: (.*)\n/gm)
      out.note([...faults].map(([, fault]) => `todo: ${name}: ${fault}\n`).join(''))
    }
  }
}
