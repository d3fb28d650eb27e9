import type { AnyVerb, Entry, Example, Noun } from './command.ts'
import type { FlagSet } from './flags.ts'

const block = (title: string, rows: readonly (readonly [string, string])[]): string => {
  const width = Math.max(...rows.map(([left]) => left.length))
  return `${title}\n${rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`.trimEnd()).join('\n')}\n`
}

const firstSteps: Example[] = [
  ['todo add "Pay rent" --priority high --tag home --due friday', 'add a task'],
  ['todo add Call mum +family due:"sun 17:00" p1', 'the same with marks'],
  ['todo list +home due.by:eow', 'what is open, filtered'],
  ['todo done 3', 'complete task 3'],
  ['todo undo', 'take the last change back'],
  ['todo list --json | jq', 'everything for scripts too'],
]

/** The commands by what they are for; what is in no group stands under the last. */
const groups: [name: string, commands: string[]][] = [
  ['Tasks', ['add', 'list', 'show', 'edit', 'start', 'done', 'reopen', 'rm']],
  ['Take back', ['undo', 'redo', 'log']],
  ['Look', ['board', 'today', 'next', 'search', 'calendar', 'stats', 'watch']],
  ['Order', ['tag', 'project', 'priority', 'view', 'alias', 'focus', 'recur']],
  ['In and out', ['import', 'export', 'batch']],
  ['Tell', ['channel', 'notify']],
  ['Together', ['login', 'logout', 'whoami', 'context', 'token', 'serve']],
  ['This machine', []],
]

/** Everything on one screen; `help commands` says more of each. */
export function rootHelp(commands: Record<string, Entry>): string {
  const placed = new Set(groups.flatMap(([, names]) => names))
  const others = Object.keys(commands).filter((name) => !placed.has(name))
  const rows = groups.map(([title, names], n) => {
    const shown = [...names.filter((name) => name in commands), ...(n === groups.length - 1 ? others : [])]
    return [title, shown.join(' ')] as const
  })
  return `todo: tasks in your terminal

${block('Examples', firstSteps)}
${block('Commands (todo help commands)', rows)}
\`todo COMMAND --help\` tells more of one; \`todo help dates|filters|output|exit-codes|urgency|hooks\` of a topic.
`
}

export const commandsHelp = (commands: Record<string, Entry>): string =>
  block(
    'Commands',
    Object.entries(commands).map(([name, entry]) => [name, entry.summary] as const),
  )

export async function nounHelp(name: string, noun: Noun): Promise<string> {
  const verbs = await Promise.all(
    Object.entries(noun.verbs).map(async ([verb, load]) => [verb, await load()] as const),
  )
  const rows = verbs.map(([verb, { summary }]) => [verb, summary] as const)
  const examples = verbs.flatMap(([, { examples: own }]) => own.slice(0, 1))
  return `todo ${name}: ${noun.summary}\n\n${block('Examples', examples)}\n${block('Commands', rows)}\nBare \`todo ${name}\` is \`todo ${name} ${noun.bare}\`; \`todo ${name} COMMAND --help\` tells more.\n`
}

/** Flags that every command has, told in one line instead of ten. */
const globals = new Set([
  '--json',
  '--ndjson',
  '--csv',
  '--quiet',
  '--jq',
  '--template',
  '--no-pager',
  '--no-color',
  '--yes',
  '--no-input',
  '--dry-run',
  '--context',
  '--timeout',
])

export function verbHelp(name: string, verb: AnyVerb, flags: FlagSet): string {
  const own = flags.options.filter((option) => !globals.has(option.long ?? ''))
  const rows = own.map((option) => [option.flags, option.description] as const)
  return `todo ${name}: ${verb.summary}

${block('Examples', verb.examples)}
Usage
  todo ${name} ${verb.usage}
${rows.length > 0 ? `\n${block('Flags', rows)}` : ''}
Everywhere: --json[=fields] --ndjson --csv -q --no-color --yes --no-input --dry-run
`
}
