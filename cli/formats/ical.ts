import type { ExportedTask, ExportedTemplate, TemplateRecordInput } from '../../shared/api/transfer.ts'
import type { PriorityName } from '../../shared/priorities.ts'
import { localInstant, startOfDay } from './dates.ts'
import type { Format, FormatContext, Incoming, Outgoing, ReadItem, TaskIncoming } from './format.ts'
import { fitProject, fitTag, fitTitle, isTemplate, kept, priorityOf } from './format.ts'
import { escaped, folded, listOf, type Property, plainText, readProperty, unfolded } from './ical-lines.ts'
import { rruleOf } from './ical-rule.ts'

/** VTODO of iCalendar (RFC 5545). Properties that a task has no field for are kept and come back. */
export const ical: Format = { read, write }

const own = new Set([
  ...['UID', 'SUMMARY', 'DESCRIPTION', 'STATUS', 'PRIORITY', 'CATEGORIES', 'DUE', 'CREATED', 'COMPLETED'],
  ...['DTSTAMP', 'PERCENT-COMPLETE', 'RRULE', 'DTSTART', 'BEGIN', 'END', 'TRIGGER', 'ACTION', 'X-TODO-RULE'],
  ...['X-TODO-PROJECT', 'X-TODO-SERIES', 'X-TODO-OCCURRENCE', 'X-TODO-REMINDERS'],
])

async function* read(pieces: AsyncIterable<string>, context: FormatContext): AsyncGenerator<ReadItem> {
  let begin = 0
  let inside: Property[] | null = null
  for await (const { line, text } of unfolded(pieces)) {
    const property = readProperty(text)
    const { name, value } = property
    if (name === 'BEGIN' && value === 'VTODO') {
      inside = []
      begin = line
    } else if (name === 'END' && value === 'VTODO' && inside) {
      for (const record of incoming(inside, context)) yield { line: begin, record }
      inside = null
    } else if (text !== '') inside?.push(property)
  }
  if (inside) yield { line: begin, fault: 'has no END:VTODO' }
}

function incoming(properties: Property[], context: FormatContext): Incoming[] {
  const find = (name: string) => properties.find((property) => property.name === name)
  const rule = find('X-TODO-RULE')
  if (rule) return [JSON.parse(plainText(rule.value)) as TemplateRecordInput]
  const { title, rest } = fitTitle(plainText(find('SUMMARY')?.value ?? ''))
  const given = find('UID')?.value ?? ''
  const isUuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(given)
  const uid = isUuid ? given.toLowerCase() : context.uid('ical', given || JSON.stringify(properties))
  const others = properties.filter(({ name }) => !own.has(name)).map(({ text }) => text)
  const status = find('STATUS')?.value
  const project = find('X-TODO-PROJECT')
  const completed = momentOf(find('COMPLETED'), context)?.due_at
  const task: TaskIncoming = {
    uid,
    title,
    description: [rest, plainText(find('DESCRIPTION')?.value ?? '')].filter(Boolean).join('\n'),
    status: status === 'COMPLETED' || completed ? 'done' : status === 'IN-PROCESS' ? 'doing' : 'todo',
    priority: priorityFrom(Number(find('PRIORITY')?.value ?? 0)),
    tags: properties
      .filter(({ name }) => name === 'CATEGORIES')
      .flatMap(({ value }) => listOf(value))
      .map(fitTag),
    ...(project && { project: fitProject(plainText(project.value)) }),
    ...momentOf(find('DUE'), context),
    ...reminders(properties),
    ...createdAt(find('CREATED') ?? find('DTSTAMP'), context),
    ...(completed && { completed_at: completed }),
    ...seriesOf(find, context),
    extra: { ical: { ...(!isUuid && given !== '' && { uid: given }), lines: others } },
  }
  const rrule = find('RRULE')
  return rrule ? withRule(task, rrule.value, find('DTSTART') ?? find('DUE'), context) : [task]
}

const createdAt = (property: Property | undefined, context: FormatContext) => {
  const at = momentOf(property, context)?.due_at
  return at === undefined ? {} : { created_at: at }
}

function seriesOf(find: (name: string) => Property | undefined, context: FormatContext) {
  const [series, at] = [find('X-TODO-SERIES'), momentOf(find('X-TODO-OCCURRENCE'), context)?.due_at]
  return series && at ? { recurring_task_uid: series.value, occurrence_at: at } : {}
}

/** A recurring VTODO is a template and its next task. */
function withRule(
  task: TaskIncoming,
  rrule: string,
  start: Property | undefined,
  context: FormatContext,
): Incoming[] {
  const begin = momentOf(start, context)
  const local = begin?.due_date ?? (start && localPart(start.value))
  const uid = context.uid('ical-rule', task.uid!)
  const template: TemplateRecordInput = {
    uid,
    template_title: task.title,
    template_description: task.description,
    recurrence_pattern: 'custom',
    rrule,
    start: local,
    time_zone: start?.parameters.TZID ?? (begin?.due_at && start?.value.endsWith('Z') ? 'UTC' : context.zone),
    priority: task.priority,
    tags: task.tags as string[],
    project: task.project,
  }
  const at = task.due_at ?? (task.due_date && startOfDay(task.due_date, context.timeZone))
  return [template, { ...task, ...(at && { recurring_task_uid: uid, occurrence_at: at }) }]
}

const localPart = (value: string) => {
  const [, day = '', time] = /^(\d{8})(?:T(\d{4}))?/.exec(value) ?? []
  const date = `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`
  return time === undefined ? date : `${date}T${time.slice(0, 2)}:${time.slice(2)}`
}

/** A date, an instant in UTC, or a clock time in a zone. */
function momentOf(
  property: Property | undefined,
  { timeZone }: FormatContext,
): { due_date?: string; due_at?: string } | undefined {
  if (property === undefined) return undefined
  const [, day, time, zulu] = /^(\d{8})(?:T(\d{6})(Z?))?$/.exec(property.value) ?? []
  if (day === undefined) return undefined
  const date = `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`
  if (time === undefined) return { due_date: date }
  const clock = `${date}T${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4)}`
  if (zulu === 'Z') return { due_at: `${clock}.000Z` }
  const at = localInstant(clock, property.parameters.TZID ?? timeZone)
  return at === undefined ? undefined : { due_at: at }
}

/** 1–4 is high, 5 medium, 6–9 low (RFC 5545, 3.8.1.9); we write 1, 3, 5 and 9. */
const priorityFrom = (value: number): PriorityName => {
  if (value === 1) return 'critical'
  return value >= 2 && value <= 4 ? 'high' : value >= 6 ? 'low' : 'medium'
}
const priorityTo: Record<PriorityName, number> = { critical: 1, high: 3, medium: 5, low: 9 }

function reminders(properties: Property[]): { reminders?: string[] } {
  const told = properties.find(({ name }) => name === 'X-TODO-REMINDERS')
  if (told) return { reminders: told.value.split(' ').filter(Boolean) }
  const leads = properties.flatMap(({ name, value }) => {
    const [, weeks, days, hours, minutes] =
      /^-P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/.exec(name === 'TRIGGER' ? value : '') ?? []
    const count = weeks ?? days ?? hours ?? minutes
    return count && Number(count) > 0
      ? [`${Number(count)}${weeks ? 'w' : days ? 'd' : hours ? 'h' : 'm'}`]
      : []
  })
  return leads.length > 0 ? { reminders: [...new Set(leads)] } : {}
}

async function* write(records: AsyncIterable<Outgoing>): AsyncGenerator<string> {
  yield ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//todo//todo//EN'].map(folded).join('')
  for await (const record of records) {
    const lines = isTemplate(record) ? templateLines(record) : taskLines(record)
    yield ['BEGIN:VTODO', ...lines, 'END:VTODO'].map(folded).join('')
  }
  yield folded('END:VCALENDAR')
}

const stamp = (at: string) => `${at.slice(0, 19).replaceAll(/[-:]/g, '')}Z`
const statuses = { todo: 'NEEDS-ACTION', doing: 'IN-PROCESS', done: 'COMPLETED' }

function taskLines(task: ExportedTask): string[] {
  const { uid, lines = [] } = kept<{ uid?: string; lines?: string[] }>(task, 'ical') ?? {}
  return [
    `UID:${uid ?? task.uid}`,
    // The time of the export would make each export of the same tasks another file.
    `DTSTAMP:${stamp(task.completed_at ?? task.created_at)}`,
    `CREATED:${stamp(task.created_at)}`,
    `SUMMARY:${escaped(task.title)}`,
    ...(task.description === '' ? [] : [`DESCRIPTION:${escaped(task.description)}`]),
    `STATUS:${statuses[task.status]}`,
    ...(task.completed_at === null ? [] : [`COMPLETED:${stamp(task.completed_at)}`]),
    `PRIORITY:${priorityTo[priorityOf(task)]}`,
    ...(task.tags.length === 0 ? [] : [`CATEGORIES:${task.tags.map((tag) => escaped(tag.name)).join(',')}`]),
    ...(task.due_date === null ? [] : [`DUE;VALUE=DATE:${task.due_date.replaceAll('-', '')}`]),
    ...(task.due_at === null ? [] : [`DUE:${stamp(task.due_at)}`]),
    ...(task.project === null ? [] : [`X-TODO-PROJECT:${escaped(task.project)}`]),
    ...(task.reminders.join(' ') === '1d' ? [] : [`X-TODO-REMINDERS:${task.reminders.join(' ')}`]),
    ...(task.recurring_task_uid === null ? [] : [`X-TODO-SERIES:${task.recurring_task_uid}`]),
    ...(task.occurrence_at === null ? [] : [`X-TODO-OCCURRENCE:${stamp(task.occurrence_at)}`]),
    ...lines,
  ]
}

function templateLines(template: ExportedTemplate): string[] {
  const rrule = rruleOf(template)
  return [
    `UID:${template.uid}`,
    `DTSTAMP:${stamp(template.created_at)}`,
    `SUMMARY:${escaped(template.template_title)}`,
    ...(rrule === null ? [] : [`RRULE:${rrule}`]),
    `X-TODO-RULE:${escaped(JSON.stringify(template))}`,
  ]
}
