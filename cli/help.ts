import type { AnyVerb, Entry, Example, Noun } from './command.ts'
import type { FlagSet } from './flags.ts'

const block = (title: string, rows: readonly (readonly [string, string])[]): string => {
  const width = Math.max(...rows.map(([left]) => left.length))
  return `${title}\n${rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`.trimEnd()).join('\n')}\n`
}

const firstSteps: Example[] = [
  ['todo add "Pay rent" --priority high --tag home --due friday', 'add a task'],
  ['todo list', 'what is open'],
  ['todo done 3', 'complete task 3'],
  ['todo list --json | jq', 'the same for scripts'],
]

export function rootHelp(commands: Record<string, Entry>): string {
  const rows = Object.entries(commands).map(([name, entry]) => [name, entry.summary] as const)
  return `todo: tasks in your terminal

${block('Examples', firstSteps)}
${block('Commands', rows)}
\`todo COMMAND --help\` tells more of one; \`todo help dates|filters|output|exit-codes|urgency\` of a topic.
`
}

export async function nounHelp(name: string, noun: Noun): Promise<string> {
  const rows = await Promise.all(
    Object.entries(noun.verbs).map(async ([verb, load]) => [`${verb}`, (await load()).summary] as const),
  )
  return `todo ${name}: ${noun.summary}\n\n${block('Commands', rows)}\nBare \`todo ${name}\` is \`todo ${name} ${noun.bare}\`.\n`
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
