import { AppError, type FieldError } from '../shared/errors.ts'
import { readPriority } from '../shared/priorities.ts'
import type { Context } from './context.ts'
import { type Due, readDate } from './dates.ts'
import type { FlagSet } from './flags.ts'
import { focusOf } from './focus.ts'
import { dialectOf } from './preferred-dialect.ts'
import { parseQuickAdd, type QuickAdd, type QuickAddContext } from './quick-add.ts'
import { clauseOf, escapeControls } from './text.ts'

/** The flags that describe a task, the same for `add` and `edit`. */
export type TaskFlags = {
  priority?: string
  tag: string[]
  due?: string
  project?: string
  note?: string
  remind: string[]
}

const collect = (value: string, before: string[]) => [...before, value]

export function taskFlags(flags: FlagSet): void {
  flags
    .option('-p, --priority <name>', 'low, medium, high or critical')
    .option('-t, --tag <name>', 'tag it; repeat for more (-t -x takes x off in edit)', collect, [])
    .option('-d, --due <when>', 'tomorrow, fri 17:00, +3d, 2026-12-01 (todo help dates)')
    .option('--project <name>', 'project, with dots for parts: work.api')
    .option('-n, --note <text>', 'a longer description')
    .option('--remind <lead>', 'remind so long before: 15m, 2h, 1d; repeat for more', collect, [])
}

export type TaskWords = {
  body: Record<string, unknown>
  tags: string[]
  removedTags: string[]
  title: string
  every: string | null | undefined
  faults: FieldError[]
}

/**
 * What words and flags say together, in the fields of the API; a flag wins over a mark. Faults are collected, so that
 * all of them are told at once; warnings go out at once.
 */
export function readTask(
  context: Context,
  words: string[],
  flags: Partial<TaskFlags>,
  edit = false,
): TaskWords {
  const faults: FieldError[] = []
  const dates = { now: context.now(), timeZone: context.timeZone() }
  const quick = readWords(words, { ...dates, dialect: dialectOf(context), edit }, faults)
  for (const warning of quick.warnings) context.out.note(`todo: ${escapeControls(warning)}\n`)
  const body: Record<string, unknown> = {}
  if (quick.project !== undefined) body.project = quick.project
  if (quick.priority !== undefined)
    Object.assign(body, quick.priority === null ? { priority_id: null } : { priority: quick.priority })
  if (quick.due !== undefined) Object.assign(body, dueBody(quick.due))
  if (quick.remind !== undefined) body.reminders = quick.remind
  if (quick.note !== undefined) body.description = quick.note
  if (flags.priority !== undefined) body.priority = readPriority(flags.priority) ?? flags.priority
  if (flags.project !== undefined) body.project = flags.project === '' ? null : flags.project
  if (flags.note !== undefined) body.description = flags.note
  if (flags.remind !== undefined && flags.remind.length > 0) body.reminders = flags.remind
  if (flags.due !== undefined) Object.assign(body, dueFields(flags.due, dates, faults))
  const focus = edit ? null : focusOf(context)
  if (focus !== null) body.project ??= focus.project
  const flagTags = (flags.tag ?? []).map((tag) => tag.replace(/^\+/, ''))
  return {
    body,
    tags: withFocus([...quick.tags, ...flagTags.filter((tag) => !tag.startsWith('-'))], focus?.tags ?? []),
    removedTags: [
      ...quick.removedTags,
      ...flagTags.filter((tag) => tag.startsWith('-')).map((tag) => tag.slice(1)),
    ],
    title: quick.title,
    every: quick.every,
    faults,
  }
}

/** The tags of the focus come behind one's own. */
const withFocus = (own: string[], more: string[]): string[] => [
  ...own,
  ...more.filter((tag) => !own.some((one) => one.toLowerCase() === tag.toLowerCase())),
]

/** Words that cannot be read become a fault, and all of them the title, so that the server can tell its own faults. */
function readWords(words: string[], context: QuickAddContext, faults: FieldError[]): QuickAdd {
  try {
    return parseQuickAdd(words, context)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const mend = error.hint === undefined ? '' : `; ${clauseOf(error.hint)}`
    faults.push(...error.fields.map((fault) => ({ ...fault, message: `${fault.message}${mend}` })))
    return { title: words.join(' '), tags: [], removedTags: [], warnings: [] }
  }
}

const dueBody = (due: Due | null) => {
  if (due === null) return { due_date: null, due_at: null }
  return 'at' in due ? { due_at: due.at } : { due_date: due.date }
}

function dueFields(text: string, context: { now: Date; timeZone: string }, faults: FieldError[]) {
  if (text === '' || text === 'none') return dueBody(null)
  const due = readDate(text, context)
  if (due !== undefined && !('message' in due)) return dueBody(due)
  const why = due === undefined ? `${JSON.stringify(text)} is no date` : due.message
  const hint = due === undefined ? 'try tomorrow, fri 17:00, +3d or 2026-12-01' : due.hint
  faults.push({ pointer: '/due', code: 'bad_date', message: `${why}; ${clauseOf(hint)}` })
  return {}
}

/** Refuses with all faults: the client's own and, from the server's answer, those of the rest. */
export function refuse(faults: FieldError[], more?: unknown): void {
  const all = [...faults, ...(more instanceof AppError ? more.fields : [])]
  if (all.length > 0)
    throw new AppError('invalid', all.map(({ message }) => message).join('; '), { fields: all })
  if (more !== undefined) throw more
}
