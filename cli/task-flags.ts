import type { Command } from 'commander'
import { AppError, type FieldError } from '../shared/errors.ts'
import type { Context } from './context.ts'
import { readDate } from './dates.ts'

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

export function taskFlags(command: Command): void {
  command
    .option('-p, --priority <name>', 'low, medium, high or critical')
    .option('-t, --tag <name>', 'tag it; repeat for more (-t -x takes x off in edit)', collect, [])
    .option('-d, --due <when>', 'tomorrow, fri 17:00, +3d, 2026-12-01 (todo help dates)')
    .option('--project <name>', 'project, with dots for parts: work.api')
    .option('-n, --note <text>', 'a longer description')
    .option('--remind <lead>', 'remind so long before: 15m, 2h, 1d; repeat for more', collect, [])
}

/** What the flags say, in the fields of the API. Faults are collected, so that all of them are told at once. */
export function bodyOf(
  flags: Partial<TaskFlags>,
  { now, timeZone }: Pick<Context, 'now' | 'timeZone'>,
): { body: Record<string, unknown>; faults: FieldError[] } {
  const body: Record<string, unknown> = {}
  const faults: FieldError[] = []
  if (flags.priority !== undefined) body.priority = priorityWord(flags.priority)
  if (flags.project !== undefined) body.project = flags.project === '' ? null : flags.project
  if (flags.note !== undefined) body.description = flags.note
  if (flags.remind !== undefined && flags.remind.length > 0) body.reminders = flags.remind
  if (flags.due !== undefined)
    Object.assign(body, dueFields(flags.due, { now: now(), timeZone: timeZone() }, faults))
  return { body, faults }
}

function dueFields(text: string, context: { now: Date; timeZone: string }, faults: FieldError[]) {
  if (text === '' || text === 'none') return { due_date: null, due_at: null }
  const due = readDate(text, context)
  if (due !== undefined && 'at' in due) return { due_at: due.at }
  if (due !== undefined && 'date' in due) return { due_date: due.date }
  const why = due === undefined ? `${JSON.stringify(text)} is no date` : due.message
  const hint = due === undefined ? 'try tomorrow, fri 17:00, +3d or 2026-12-01' : due.hint
  faults.push({ pointer: '/due', code: 'bad_date', message: `${why}; ${hint.replace(/\.$/, '')}` })
  return {}
}

/** `H`, `M`, `L` and `p1`–`p4` mean the same names as everywhere else. */
const priorityWords: Record<string, string> = {
  c: 'critical',
  h: 'high',
  m: 'medium',
  l: 'low',
  p1: 'critical',
  p2: 'high',
  p3: 'medium',
  p4: 'low',
}
export const priorityWord = (word: string): string => priorityWords[word.toLowerCase()] ?? word

/** Refuses with all faults: the client's own and, from the server's answer, those of the rest. */
export function refuse(faults: FieldError[], more?: unknown): void {
  const all = [...faults, ...(more instanceof AppError ? more.fields : [])]
  if (all.length > 0)
    throw new AppError('invalid', all.map(({ message }) => message).join('; '), { fields: all })
  if (more !== undefined) throw more
}
