import { priorityNames } from '../../shared/priorities.ts'
import type { AnyVerb } from '../command.ts'
import { aliases, commands } from '../commands.ts'
import type { Context } from '../context.ts'
import { createFlags, type FlagSet } from '../flags.ts'
import { formatNames } from '../formats/format-names.ts'
import { readShortcuts } from '../shortcuts.ts'
import { sortKeys } from '../sort.ts'
import { topics } from '../topics.ts'
import { idCandidates, projectCandidates, tagCandidates } from './live.ts'

/** What may stand for the word at the cursor, and what it means. */
export type Candidate = readonly [value: string, meaning: string]

/** Tells the shell to complete names of files itself. */
export const files: Candidate = [':files', '']

type Source = Pick<Context, 'send' | 'paths'>

/** What may stand in place of the last word; `words` are those before it, behind `todo`. */
export async function candidates(source: Source, words: string[], last: string): Promise<Candidate[]> {
  const found = await findVerb(source, words)
  if ('offers' in found) return matching(found.offers, last)
  const { name, verb, rest } = found
  const flags = flagsOf(verb)
  const wanting = wantedBy(flags, rest.at(-1))
  if (wanting !== null) return matching(await flagValues(source, wanting, last), last)
  if (last.startsWith('--')) return matching(flagCandidates(flags), last)
  const marked = await markValues(source, name, last)
  if (marked !== null) return matching(marked, last)
  return wordCandidates(source, name, rest, last)
}

const matching = (all: readonly Candidate[], word: string): Candidate[] =>
  all.filter(([value]) => value === files[0] || value.toLowerCase().startsWith(word.toLowerCase()))

type Found = { name: string; verb: AnyVerb; rest: string[] } | { offers: Candidate[] }

async function findVerb({ paths }: Source, words: string[]): Promise<Found> {
  const at = words.findIndex((word) => !word.startsWith('-'))
  if (at < 0) {
    const views = Object.entries(readShortcuts(paths, 'views')).map(
      ([name, { filter }]) => [name, filter] as const,
    )
    const own = Object.entries(readShortcuts(paths, 'aliases'))
    const known = Object.entries(commands).map(([name, entry]) => [name, entry.summary] as const)
    return { offers: [...known, ...views, ...own] }
  }
  const first = words[at]!
  const name = aliases[first] ?? (Object.hasOwn(commands, first) ? first : 'list')
  const entry = commands[name]!
  const rest = words.slice(at + 1)
  if ('load' in entry) return { name, verb: await entry.load(), rest }
  const noun = await entry.noun()
  const [verbName, ...more] = rest.filter((word) => !word.startsWith('-'))
  if (verbName === undefined) {
    const verbs = Object.entries(noun.verbs).map(
      async ([verb, load]) => [verb, (await load()).summary] as const,
    )
    return { offers: await Promise.all(verbs) }
  }
  const load = noun.verbs[verbName] ?? noun.verbs[noun.bare]!
  return { name: `${name} ${verbName}`, verb: await load(), rest: more }
}

function flagsOf(verb: AnyVerb): FlagSet {
  const flags = createFlags()
  verb.define?.(flags)
  return flags
}

const everywhere: Candidate[] = [
  ['--json', 'print JSON'],
  ['--ndjson', 'print one JSON object a line'],
  ['--csv', 'print CSV'],
  ['--quiet', 'print ids only'],
  ['--jq', 'print what a jq expression makes of it'],
  ['--template', 'print what a template makes of it'],
  ['--yes', 'do not ask'],
  ['--dry-run', 'change nothing'],
  ['--context', 'use this context'],
  ['--help', 'examples and flags'],
]

const flagCandidates = (flags: FlagSet): Candidate[] => [
  ...flags.options.map((option) => [option.long ?? option.short ?? '', option.description] as const),
  ...everywhere,
]

/** The flag whose value the next word is; null when the word before is none, or takes no value. */
function wantedBy(flags: FlagSet, before: string | undefined): string | null {
  if (before === undefined || !before.startsWith('-')) return null
  const option = flags.options.find(({ long, short }) => long === before || short === before)
  return option?.required ? (option.long ?? '').slice(2) : null
}

const dateWords: Candidate[] = [
  ...[
    'today',
    'tomorrow',
    'mon',
    'tue',
    'wed',
    'thu',
    'fri',
    'sat',
    'sun',
    'eow',
    'eom',
    'eoy',
    '+1d',
    '+1w',
  ].map((word) => [word, ''] as const),
]
const statuses: Candidate[] = ['todo', 'doing', 'done'].map((word) => [word, ''] as const)
const priorities: Candidate[] = priorityNames.map((word) => [word, ''] as const)

async function flagValues(source: Source, flag: string, last: string): Promise<readonly Candidate[]> {
  if (flag === 'priority') return priorities
  if (flag === 'status') return statuses
  if (flag === 'sort') return sortKeys.map((word) => [word, ''] as const)
  if (flag === 'format') return formatNames.map((word) => [word, ''] as const)
  if (flag === 'due') return dateWords
  if (flag === 'tag') {
    const sign = /^[+-]/.test(last) ? last[0]! : ''
    return (await tagCandidates(source)).map(([name, meaning]) => [sign + name, meaning] as const)
  }
  return flag === 'project' ? projectCandidates(source) : []
}

/** `+home`, `project:work`, `due:fri`: null when the word is no mark. */
async function markValues(source: Source, name: string, last: string): Promise<Candidate[] | null> {
  const before = (sign: string, all: readonly Candidate[]) =>
    all.map(([value, meaning]) => [sign + value, meaning] as const)
  if (/^\+/.test(last) || (/^-[^-]/.test(last) && /^(edit|list|today|next|export)$/.test(name)))
    return before(last[0]!, await tagCandidates(source))
  const [, key] = /^((?:project|proj|pro|pri|priority|status|due(?:\.\w+)?|tag):)/.exec(last) ?? []
  if (key === undefined) return null
  if (key.startsWith('pro')) return before(key, await projectCandidates(source))
  if (key.startsWith('pri')) return before(key, priorities)
  if (key.startsWith('due')) return before(key, dateWords)
  return before(key, key.startsWith('tag') ? await tagCandidates(source) : statuses)
}

const takesIds = new Set(['show', 'edit', 'start', 'done', 'reopen', 'rm', 'log'])
const marks: Candidate[] = [
  ['project:', 'of a project'],
  ['due:', 'due on a day'],
  ['pri:', 'of a priority'],
]

async function wordCandidates(
  source: Source,
  name: string,
  rest: string[],
  last: string,
): Promise<Candidate[]> {
  const { paths } = source
  if (takesIds.has(name) && !(name === 'edit' && rest.length > 0)) return idCandidates(source, name, last)
  if (name === 'import') return [files]
  if (name === 'help') {
    const known = [...Object.keys(topics), 'commands', ...Object.keys(commands)]
    return matching(
      known.map((word) => [word, ''] as const),
      last,
    )
  }
  if (name === 'completion')
    return matching(
      ['bash', 'zsh', 'fish'].map((word) => [word, ''] as const),
      last,
    )
  if (name === 'view rm')
    return matching(
      Object.keys(readShortcuts(paths, 'views')).map((word) => [word, ''] as const),
      last,
    )
  if (name === 'alias rm')
    return matching(
      Object.keys(readShortcuts(paths, 'aliases')).map((word) => [word, ''] as const),
      last,
    )
  if (name.startsWith('tag ') && name !== 'tag add') return matching(await tagCandidates(source), last)
  const filters: Candidate[] = /^(list|today|next|export|focus|view save)$/.test(name)
    ? [...marks, ['due.by:', 'due up to a day'], ['status:', 'of a status'], ['overdue', 'late']]
    : /^(add|edit)$/.test(name)
      ? marks
      : []
  return matching(filters, last)
}
