import type { TaskQueryInput } from '../shared/api/task.ts'
import { combine, mentions } from '../shared/filter/ast.ts'
import { type Filter, formatFilter, parseFilter } from '../shared/filter.ts'
import { priorityHint, readPriority } from '../shared/priorities.ts'
import type { Context } from './context.ts'
import { usage } from './errors.ts'
import { explain, parseFilterWords, toListQuery } from './filter.ts'
import type { FlagSet } from './flags.ts'
import { focusOf } from './focus.ts'
import { dialectOf } from './preferred-dialect.ts'
import { sendableZone } from './sendable-zone.ts'

/** The flags that choose tasks, the same wherever a filter is taken. */
export type FilterFlags = {
  status?: string
  priority?: string
  tag: string[]
  project?: string
  due?: string
  overdue?: boolean
  search?: string
  filter?: string
  all?: boolean
  explain?: boolean
}

export function filterFlags(flags: FlagSet): void {
  flags
    .option('--status <status>', 'todo, doing, done; several with commas')
    .option('-p, --priority <name>', 'low, medium, high or critical')
    .option('-t, --tag <name>', 'with this tag; repeat for more', (tag, tags: string[]) => [...tags, tag], [])
    .option('--project <name>', 'in this project and what is below it')
    .option('-d, --due <when>', 'due on that day')
    .option('--overdue', 'only what is late')
    .option('-s, --search <text>', 'with this text')
    .option('--filter <text>', 'the words of a filter as one text')
    .option('-a, --all', 'done ones too')
    .option('--explain', 'say what the filter means, list nothing')
}

const shorts = /^-(?:[aqh]+|[ptdslnf](?:\d.*)?)$/
const valued =
  /^(?:-[ptdslnf]|--(?:status|priority|tag|project|due|search|filter|sort|limit|format|context|timeout|jq|template))$/

/** `-home` leaves a tag out, as in Taskwarrior; read as flags it would be a bundle of them. */
export const filterMarks = (words: string[]): string[] =>
  words.flatMap((word, n) => {
    const isMark = /^-[\p{L}_+@#"(]/u.test(word) && !shorts.test(word) && !valued.test(words[n - 1] ?? '')
    if (!isMark) return [word]
    return ['not', /^-[\p{L}_]+$/u.test(word) ? `+${word.slice(1)}` : word.slice(1)]
  })

/** Words and flags as one filter whose dates are resolved; open tasks unless it speaks of the status. */
export function filterOf(context: Context, words: string[], flags: Partial<FilterFlags>): Filter {
  const dates = { now: context.now(), timeZone: context.timeZone() }
  const focus = focusOf(context)
  const parts = [...(focus === null ? [] : [focus.filter]), ...flagParts(context, flags)]
  if (flags.filter !== undefined) parts.push(parseFilterWords(inDialect(context, [flags.filter]), dates))
  if (words.length > 0) parts.push(parseFilterWords(inDialect(context, words), dates))
  const filter = combine('and', parts)
  return flags.all || mentions(filter, 'status') ? filter : combine('and', [open, filter].filter(says))
}

/** Whoever adds with the marks of todo.txt finds with them too: there `+` is a project. */
const inDialect = (context: Context, words: string[]): string[] =>
  dialectOf(context) === 'todotxt'
    ? words.map((word) => word.replaceAll(/(^|[\s(!&|])\+(?=[\p{L}_])/gu, '$1project:'))
    : words

const says = (filter: Filter) => filter.kind !== 'all'
const open: Filter = {
  kind: 'or',
  parts: [
    { kind: 'status', status: 'todo' },
    { kind: 'status', status: 'doing' },
  ],
}

function* flagParts(context: Context, flags: Partial<FilterFlags>): Generator<Filter> {
  const { status, priority, tag = [], project, due, overdue, search } = flags
  if (status !== undefined) yield statusPart(status)
  if (priority !== undefined) {
    const name = readPriority(priority)
    if (name === undefined)
      throw usage(`--priority ${JSON.stringify(priority)} is none.`, priorityHint(priority))
    yield { kind: 'priority', name }
  }
  for (const name of tag) yield { kind: 'tag', name: name.replace(/^\+/, '') }
  if (project !== undefined) yield { kind: 'project', name: project === '' ? null : project }
  if (search !== undefined) yield { kind: 'text', text: search }
  if (overdue) yield { kind: 'overdue' }
  if (due !== undefined) {
    const dates = { now: context.now(), timeZone: context.timeZone() }
    yield due === '' || due === 'none' ? { kind: 'undated' } : parseFilterWords([`due:${due}`], dates)
  }
}

function statusPart(status: string): Filter {
  if (/[\s()"]/.test(status))
    throw usage(`--status ${JSON.stringify(status)} is none.`, 'There are todo, doing and done.')
  return parseFilter(`status:${status}`)
}

/** A filter as the query of the API; the zone is sent only when days in it depend on it. */
export function queryOf(context: Context, filter: Filter): TaskQueryInput {
  const { query, rest } = toListQuery(filter)
  const hasDays = mentions(filter, 'due') || mentions(filter, 'overdue')
  return {
    ...query,
    ...(rest !== '' && { filter: rest }),
    ...(hasDays && { time_zone: sendableZone(context) }),
  }
}

/** What `--explain` prints. */
export function tellFilter(context: Context, filter: Filter): void {
  const dates = { now: context.now(), timeZone: context.timeZone() }
  const words = explain(filter, dates)
  context.out.value({ filter: formatFilter(filter), explanation: words }, `${words}\n`)
}
