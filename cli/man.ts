import type { AnyVerb, Example } from './command.ts'
import { aliases, commands } from './commands.ts'
import { createFlags } from './flags.ts'
import { topics } from './topics.ts'

/** Text as roff wants it: no line begins with a control character, and a hyphen stays one. */
const roff = (text: string): string =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll(/^([.'])/gm, '\\&$1')

const examples = (all: readonly Example[]): string =>
  all.map(([line, does]) => `.TP\n\\fB${roff(line)}\\fR\n${roff(does)}\n`).join('')

function verbSection(name: string, verb: AnyVerb): string {
  const flags = createFlags()
  verb.define?.(flags)
  const rows = flags.options.map(
    (option) => `.TP\n\\fB${roff(option.flags)}\\fR\n${roff(option.description)}\n`,
  )
  const short = Object.keys(aliases).filter((alias) => aliases[alias] === name)
  const also = short.length === 0 ? '' : `Also: ${roff(short.join(', '))}.\n`
  return `.SS todo ${roff(name)} ${roff(verb.usage)}\n${roff(verb.summary)}.\n${also}${rows.join('')}.PP\n${examples(verb.examples)}`
}

/** The manual page, from the same tables as the help. `date` is that of the build. */
export async function manPage(version: string, date: string): Promise<string> {
  const parts = [
    `.TH TODO 1 "${date}" "todo ${version}" "User Commands"\n`,
    '.SH NAME\ntodo \\- tasks in your terminal, on one machine or in a team\n',
    '.SH SYNOPSIS\n.B todo\n.I command\n.RI [ words ...]\n.RI [ flags ]\n',
    '.SH DESCRIPTION\nWithout a command it is the board on a terminal and the list in a pipe. ',
    'Every command takes \\-\\-json[=fields], \\-\\-ndjson, \\-\\-csv, \\-q, \\-\\-jq, \\-\\-template, \\-\\-yes, \\-\\-no\\-input, ',
    '\\-\\-dry\\-run, \\-\\-context, \\-\\-timeout, \\-\\-no\\-color and \\-\\-no\\-pager.\n',
    '.SH COMMANDS\n',
  ]
  for (const [name, entry] of Object.entries(commands)) {
    if ('load' in entry) {
      parts.push(verbSection(name, await entry.load()))
      continue
    }
    const noun = await entry.noun()
    for (const [verb, load] of Object.entries(noun.verbs))
      parts.push(verbSection(`${name} ${verb}`, await load()))
  }
  for (const [name, text] of Object.entries(topics)) {
    parts.push(`.SH ${name.toUpperCase().replaceAll('-', ' ')}\n.nf\n${roff(await text())}.fi\n`)
  }
  return parts.join('')
}
