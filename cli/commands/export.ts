import type { Command } from 'commander'
import type { Verb } from '../command.ts'
import { usage } from '../errors.ts'
import { formats } from '../formats/find-format.ts'
import type { Outgoing } from '../formats/format.ts'
import { formatContext } from '../formats/format-context.ts'
import { formatNamed, formatNames } from '../formats/format-names.ts'
import { openLines } from '../lines.ts'
import { type FilterFlags, filterFlags, filterMarks, filterOf, queryOf, tellFilter } from '../task-filter.ts'
import { escapeControls } from '../text.ts'

const pieceLength = 64 * 1024

export const exportVerb: Verb<FilterFlags & { format?: string; open?: boolean }> = {
  summary: 'Export tasks, done ones too',
  usage: '[filter words] [flags]',
  examples: [
    ['todo export > backup.json', 'everything, for `todo import` here or elsewhere'],
    ['todo export --format todotxt > todo.txt', `formats: ${formatNames.join(', ')}`],
    ['todo export --format markdown project:work --open', 'only some'],
  ],
  define: (command: Command) => {
    command.option('-f, --format <name>', formatNames.join(', ')).option('--open', 'without the done ones')
    filterFlags(command)
  },
  prepare: filterMarks,
  run: async (context, words, flags) => {
    const { out, terminal } = context
    const asked = out.mode === 'ndjson' || out.mode === 'csv' ? out.mode : 'json'
    const name = formatNamed(flags.format ?? asked)
    if (flags.format !== undefined && out.mode !== 'text' && asked !== name)
      throw usage(`--format ${flags.format} and --${out.mode} exclude each other.`, 'Use one of them.')
    const filter = filterOf(context, words, { ...flags, all: flags.open !== true })
    if (flags.explain) return void tellFilter(context, filter)
    const format = await formats[name]!()
    async function* records(): AsyncGenerator<Outgoing> {
      const query = queryOf(context, filter) as Record<string, unknown>
      for await (const some of openLines<Outgoing>(context, '/api/me/export', query)) yield* some
    }
    const isTerminal = terminal.stdout.isTTY === true
    const isData = ['json', 'ndjson', 'csv', 'taskwarrior'].includes(name)
    const print = (text: string) =>
      out.text(isTerminal && !isData ? escapeControls(text, { keepLines: true }) : text)
    let held = ''
    for await (const piece of format.write(records(), formatContext(context))) {
      held += piece
      if (held.length < pieceLength) continue
      print(held)
      held = ''
    }
    print(held)
    return undefined
  },
}
