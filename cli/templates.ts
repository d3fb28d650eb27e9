import type { Template } from '../shared/api/recurring-task.ts'
import { AppError } from '../shared/errors.ts'
import { describeRule, parseRule } from '../shared/recurrence.ts'
import type { Context } from './context.ts'
import { formatDate, relativeDate } from './dates/describe.ts'
import { localIso, zoneName } from './dates/zone.ts'
import { usage } from './errors.ts'
import type { View } from './format.ts'
import type { Shape } from './output.ts'
import { parseRefs } from './refs.ts'
import { escapeControls } from './text.ts'

/** The rule in words with its zone, which a `view` leaves out when it is the reader's own. A broken rule says so. */
export function ruleText(template: Template, view?: View): string {
  try {
    const text = describeRule(parseRule(template))
    return view === undefined ? text : text.replace(` (${zoneName(view.timeZone)})`, '')
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return 'a rule that cannot be used any more'
  }
}

export const stateOf = (template: Template): 'stopped' | 'paused' | 'waiting' | 'active' | 'ended' => {
  if (template.last_error !== null && !template.is_active) return 'stopped'
  if (!template.is_active) return 'paused'
  if (template.next_occurrence !== null) return 'active'
  return template.anchor === 'completion' ? 'waiting' : 'ended'
}

/** When it occurs next, as a date or a time of the reader's zone; an all-day one has its own date. */
export function nextDue(template: Template): { at: string } | { date: string } | null {
  if (template.next_occurrence === null) return null
  if (!template.all_day) return { at: template.next_occurrence }
  return { date: localIso(template.next_occurrence, template.time_zone).slice(0, 10) }
}

/** `Mon 23 Nov (in 2 days)`, or why there is none. */
export function nextText(template: Template, view: View): string {
  const due = nextDue(template)
  return due === null ? stateOf(template) : `next ${formatDate(due, view)} (${relativeDate(due, view)})`
}

export const templateEcho = (template: Template, view: View): string =>
  [escapeControls(template.template_title), ruleText(template, view), nextText(template, view)].join(' · ')

const nextCell = (template: Template, view: View): string => {
  const due = nextDue(template)
  if (due === null) return ''
  return 'date' in due ? due.date : localIso(due.at, view.timeZone)
}

export const templateShape = (view: () => View): Shape<Template> => ({
  line: (template) =>
    [
      ...[template.id, stateOf(template), nextCell(template, view())],
      ...[escapeControls(template.template_title), ruleText(template)],
      ...[template.tags.map((tag) => escapeControls(tag)).join(' '), escapeControls(template.project ?? '')],
    ].join('\t'),
  table: (templates) => templates.map((one) => `${tableRow(one, templates, view())}\n`).join(''),
  columns: {
    id: (template) => template.id,
    title: (template) => template.template_title,
    state: stateOf,
    next_occurrence: (template) => template.next_occurrence,
    rule: (template) => ruleText(template),
    tags: (template) => template.tags.join(' '),
    project: (template) => template.project,
  },
})

function tableRow(template: Template, all: Template[], view: View): string {
  const width = Math.max(...all.map(({ id }) => String(id).length))
  return `${String(template.id).padStart(width)}  ${templateEcho(template, view)}`
}

/** Everything about one template, for `recur show`. */
export function templateDetail(template: Template, view: View): string {
  const rows: [string, string][] = [
    ['rule', ruleText(template, view)],
    ['state', stateOf(template)],
    ['next', template.next_occurrence === null ? '' : nextText(template, view).replace('next ', '')],
    ['left out', template.exdates.join(', ')],
    ['missed', template.missed === 0 ? '' : `${template.missed} (catch up: ${template.catch_up})`],
    ['tags', template.tags.map((tag) => `+${tag}`).join(' ')],
    ['project', template.project ?? ''],
    ['reminders', template.reminders.join(' ')],
    ['made', template.create_ahead === null ? '' : `${template.create_ahead} ahead`],
    ['error', template.last_error ?? ''],
  ]
  const lines = rows
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `  ${name.padEnd(10)} ${escapeControls(value)}\n`)
  return `#${template.id} ${escapeControls(template.template_title)}\n${lines.join('')}`
}

export async function allTemplates({ api }: Pick<Context, 'api'>): Promise<Template[]> {
  const templates: Template[] = []
  let cursor: string | undefined
  do {
    const query = { limit: 200, ...(cursor && { cursor }) }
    const page = await api('GET /api/{user_id}/recurring-tasks', { query })
    templates.push(...page.items)
    cursor = page.next_cursor ?? undefined
  } while (cursor)
  return templates
}

/** Ids, ranges and parts of titles, as tasks are named. */
export async function templateIds(context: Context, words: string[]): Promise<number[]> {
  const { ids, titles } = parseRefs(words)
  const all = titles.length > 0 ? await allTemplates(context) : []
  const found = [...new Set([...ids, ...titles.map((title) => byTitle(all, title))])]
  if (found.length > 0) return found
  throw usage(
    'No recurring task is named.',
    'Name one by id or part of its title; `todo recur list` shows them.',
  )
}

export async function oneTemplateId(context: Context, words: string[]): Promise<number> {
  const ids = await templateIds(context, words)
  if (ids.length === 1) return ids[0]!
  throw usage(`This takes one recurring task, not ${ids.length}.`, 'Name one by its id.')
}

function byTitle(templates: Template[], title: string): number {
  const wanted = title.toLowerCase()
  const inTitle = templates.filter((one) => one.template_title.toLowerCase().includes(wanted))
  const exact = inTitle.filter((one) => one.template_title.toLowerCase() === wanted)
  const [match, ...others] = exact.length > 0 ? exact : inTitle
  if (match === undefined) {
    throw new AppError('not_found', `No recurring task has ${JSON.stringify(title)} in its title.`, {
      hint: '`todo recur list` shows what there is.',
    })
  }
  if (others.length === 0) return match.id
  const shown = [match, ...others].slice(0, 5).map((one) => `${one.id} ${escapeControls(one.template_title)}`)
  throw new AppError(
    'ambiguous',
    `${others.length + 1} recurring tasks have ${JSON.stringify(title)} in their titles.`,
    {
      hint: `Name one by its id: ${shown.join(', ')}.`,
    },
  )
}
