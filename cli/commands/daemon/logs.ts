import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { Verb } from '../../command.ts'
import { usage } from '../../errors.ts'
import type { FlagSet } from '../../flags.ts'

export const logs: Verb<{ lines: string; database?: boolean }> = {
  summary: 'Show the end of the log of the local service',
  usage: '[--lines N] [--database]',
  examples: [
    ['todo daemon logs', 'the last 50 lines'],
    ['todo daemon logs --database', 'those of its Postgres'],
  ],
  define: (flags: FlagSet) => {
    flags.option('--lines <n>', 'so many lines', '50').option('--database', 'the log of the database')
  },
  run: async ({ paths, out }, _words, flags) => {
    const lines = Number(flags.lines)
    if (!Number.isInteger(lines) || lines < 1)
      throw usage(`--lines ${flags.lines} is no number.`, 'Like --lines 100.')
    const file = flags.database ? paths.postgresLog : paths.daemonLog
    if (!existsSync(file)) {
      out.note(`There is no log yet at ${file}.\n`)
      return undefined
    }
    const text = (await readFile(file, 'utf8')).trimEnd().split('\n').slice(-lines).join('\n')
    out.text(`${text}\n`)
    return undefined
  },
}
