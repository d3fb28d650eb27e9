import type { ExportedTask, ExportedTemplate, TemplateRecordInput } from '../../shared/api/transfer.ts'
import { dayIn, localClock, localInstant, startOfDay } from './dates.ts'
import type { Format, FormatContext, Outgoing, ReadItem, TaskIncoming } from './format.ts'
import { fitTitle, isTemplate, kept, linesOf, priorityOf } from './format.ts'
import { type Line, letters, readLine } from './todotxt-line.ts'

/**
 * todo.txt. Every line is kept as it was, with the blank lines before it and its end, so that what nobody changed comes
 * back byte for byte; of a changed line only what changed is written anew. `rec:1w` (of topydo) becomes a rule.
 */
export const todotxt: Format = { read, write }

async function* read(pieces: AsyncIterable<string>, context: FormatContext): AsyncGenerator<ReadItem> {
  let blank = ''
  let waiting: { line: number; raw: string } | null = null
  const seen = new Map<string, number>()
  const items = ({ line, raw }: { line: number; raw: string }): ReadItem[] => {
    const times = (seen.get(raw.trim()) ?? 0) + 1
    seen.set(raw.trim(), times)
    return incoming(raw, String(times), context).map((record) => ({ line, record }))
  }
  for await (const { line, text } of linesOf(pieces)) {
    if (text.trim() === '') {
      blank += text
      continue
    }
    if (waiting) yield* items(waiting)
    waiting = { line, raw: blank + text }
    blank = ''
  }
  // Blank lines at the end belong to the last task, since no other is there to keep them.
  if (waiting) yield* items({ ...waiting, raw: waiting.raw + blank })
}

/** The line itself, without blank lines around it and without its end. */
const contentOf = (raw: string): string => raw.replace(/^\s*\n/, '').split(/\r?\n/, 1)[0]!

function incoming(
  raw: string,
  times: string,
  context: FormatContext,
): (TaskIncoming | TemplateRecordInput)[] {
  const { timeZone, uid } = context
  const line = readLine(contentOf(raw))
  const { title, rest } = fitTitle(line.title)
  const due = dueFields(line.due, timeZone)
  const own = uid('todotxt', raw.trim(), times)
  const rule =
    line.recurs && line.due !== undefined && !line.done ? ruleOf(line, title, own, context) : undefined
  const task: TaskIncoming = {
    uid: own,
    title,
    status: line.done ? 'done' : line.doing ? 'doing' : 'todo',
    tags: line.tags,
    priority: line.priority,
    project: line.project,
    ...due,
    ...(rest !== undefined && { description: rest }),
    ...(line.created && { created_at: startOfDay(line.created, timeZone) }),
    ...(line.done && line.completed && { completed_at: startOfDay(line.completed, timeZone) }),
    ...(rule && {
      recurring_task_uid: rule.uid,
      occurrence_at: due.due_at ?? startOfDay(line.due!, timeZone),
    }),
    extra: { todotxt: raw },
  }
  return rule ? [rule, task] : [task]
}

function dueFields(due: string | undefined, timeZone: string): { due_date?: string; due_at?: string } {
  if (due === undefined) return {}
  const at = localInstant(due, timeZone)
  return at === undefined ? { due_date: due } : { due_at: at }
}

const patterns = { d: 'daily', w: 'weekly', m: 'monthly', y: 'yearly' } as const

function ruleOf(line: Line, title: string, own: string, context: FormatContext): TemplateRecordInput {
  const { every, unit, strict } = line.recurs!
  return {
    uid: context.uid('todotxt-rule', own),
    template_title: title,
    recurrence_pattern: patterns[unit],
    interval: every,
    anchor: strict ? 'schedule' : 'completion',
    start: line.due,
    time_zone: context.zone,
    priority: line.priority,
    tags: line.tags,
    project: line.project,
    extra: { todotxt: `rec:${strict ? '+' : ''}${every}${unit}` },
  }
}

async function* write(records: AsyncIterable<Outgoing>, context: FormatContext): AsyncGenerator<string> {
  const rules = new Map<string, string>()
  let open = false
  for await (const record of records) {
    if (isTemplate(record)) {
      rules.set(record.uid, recOf(record))
      continue
    }
    const text = lineOf(record, rules.get(record.recurring_task_uid ?? ''), context)
    yield open ? `\n${text}` : text
    open = !text.endsWith('\n')
  }
}

function recOf(rule: ExportedTemplate): string {
  const unit = { daily: 'd', weekly: 'w', monthly: 'm', yearly: 'y', custom: '' }[rule.recurrence_pattern]
  if (unit === '') return ''
  return `rec:${rule.anchor === 'completion' ? '' : '+'}${rule.interval}${unit}`
}

function lineOf(task: ExportedTask, rec: string | undefined, context: FormatContext): string {
  const raw = kept<string>(task, 'todotxt')
  if (raw === undefined) return `${fresh(task, rec, context)}\n`
  const line = readLine(contentOf(raw))
  if (isAsItWas(task, line, context)) return raw
  const content = contentOf(raw)
  const at = raw.indexOf(content)
  return raw.slice(0, at) + changed(task, line, rec, context) + raw.slice(at + content.length)
}

const dueText = (task: ExportedTask, { timeZone }: FormatContext): string | undefined =>
  task.due_at === null ? (task.due_date ?? undefined) : localClock(task.due_at, timeZone)

const sameTags = (task: ExportedTask, tags: string[]): boolean => {
  const names = task.tags.map((tag) => tag.name.toLowerCase()).sort()
  return (
    names.join(' ') ===
    tags
      .map((tag) => tag.toLowerCase())
      .sort()
      .join(' ')
  )
}

const sameDue = (task: ExportedTask, line: Line, { timeZone }: FormatContext): boolean => {
  const { due_date = null, due_at = null } = dueFields(line.due, timeZone)
  const isSameTime =
    due_at === null
      ? task.due_at === null
      : task.due_at !== null && Date.parse(due_at) === Date.parse(task.due_at)
  return isSameTime && due_date === task.due_date
}

const statusOf = (line: Line) => (line.done ? 'done' : line.doing ? 'doing' : 'todo')

const isAsItWas = (task: ExportedTask, line: Line, context: FormatContext): boolean =>
  task.title === fitTitle(line.title).title &&
  task.status === statusOf(line) &&
  priorityOf(task) === line.priority &&
  task.project === line.project &&
  sameTags(task, line.tags) &&
  sameDue(task, line, context)

/** A line whose words stay where they are, but for those that mean something else now. */
function changed(task: ExportedTask, line: Line, rec: string | undefined, context: FormatContext): string {
  if (task.title !== fitTitle(line.title).title) return fresh(task, rec, context)
  const missing = new Map(task.tags.map((tag) => [tag.name.toLowerCase(), `@${tag.name}`]))
  const due = dueText(task, context)
  let [project, dueWord] = [task.project, due === undefined ? '' : `due:${due}`]
  const words = line.words.flatMap((word, n) => {
    const kind = line.kinds[n]!
    if (kind === 'text' || kind === 'rec') return [word]
    if (kind === 'project') {
      const now = project
      project = null
      return now === null ? [] : [`+${now}`]
    }
    if (kind === 'due') {
      const now = sameDue(task, line, context) ? word : dueWord
      dueWord = ''
      return now === '' ? [] : [now]
    }
    if (kind !== 'tag') return []
    return missing.delete(word.slice(1).toLowerCase()) ? [word] : []
  })
  const added = [project === null ? '' : `+${project}`, ...missing.values(), dueWord].filter(
    (word) => word !== '',
  )
  const letter = priorityOf(task) === line.priority ? line.letter : letters[priorityOf(task)] || undefined
  const created = line.created
  return head(task, letter, created, [...words, ...added].join(' '), context)
}

function head(
  task: ExportedTask,
  letter: string | undefined,
  created: string | undefined,
  text: string,
  { timeZone }: FormatContext,
): string {
  if (task.status !== 'done') {
    const doing = task.status === 'doing' ? ' status:doing' : ''
    return `${letter ? `(${letter}) ` : ''}${created ? `${created} ` : ''}${text}${doing}`
  }
  const completed = dayIn(task.completed_at!, timeZone)
  return `x ${completed} ${created ? `${created} ` : ''}${text}${letter ? ` pri:${letter}` : ''}`
}

function fresh(task: ExportedTask, rec: string | undefined, context: FormatContext): string {
  const due = dueText(task, context)
  const words = [
    task.title,
    ...(task.project === null ? [] : [`+${task.project}`]),
    ...task.tags.map((tag) => `@${tag.name}`),
    ...(due === undefined ? [] : [`due:${due}`]),
    ...(rec ? [rec] : []),
  ]
  const created = dayIn(task.created_at, context.timeZone)
  return head(task, letters[priorityOf(task)] || undefined, created, words.join(' '), context)
}
