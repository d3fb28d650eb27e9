import { type Scope, scopes } from '../../../shared/api/route.ts'
import type { Verb } from '../../command.ts'
import { usage } from '../../errors.ts'
import type { FlagSet } from '../../flags.ts'
import { requireServer, tokenShape } from '../../tokens.ts'

const dayMs = 86_400_000
const defaultDays = '90d'

export const add: Verb<{ scope: string[]; expires: string }> = {
  summary: 'Make an API token; it is shown this once',
  usage: '<name>',
  examples: [
    ['todo token add backup --scope read', 'may read everything, for 90 days'],
    ['todo token add ci --scope tasks:read,tasks:write --expires 7d', 'may work with tasks, for a week'],
    ['todo token add ci --scope all | pass insert -m todo-ci', 'stdout is the token and nothing else'],
  ],
  define: (flags: FlagSet) => {
    flags
      .option(
        '-s, --scope <scope>',
        `what it may do: ${scopes.join(', ')}, or read or all`,
        (word: string, before: string[]) => [...before, ...word.split(',')],
        [] as string[],
      )
      .option('--expires <when>', 'a number of days like 30d, or a time like 2027-01-31', defaultDays)
  },
  run: async (context, words, flags) => {
    requireServer(context)
    if (words.length === 0)
      throw usage('A token needs a name.', 'Like this: `todo token add backup --scope read`.')
    const expires_at = endOf(flags.expires, context.now())
    const body = { name: words.join(' '), scopes: scopesOf(flags.scope), expires_at }
    const made = await context.api('POST /api/{user_id}/tokens', { body })
    const columns = { ...tokenShape.columns, token: () => made.token }
    context.out.one(made, `${made.token}\n`, columns)
    context.out.note(`It ends ${made.expires_at}. Keep it now; it is not shown again.\n`)
    return undefined
  },
}

function scopesOf(words: string[]): Scope[] {
  if (words.length === 0) {
    throw usage(
      'Say what the token may do.',
      `--scope ${scopes.join(', ')}, or read or all; several with commas.`,
    )
  }
  const named = words.flatMap((word) => {
    if (word === 'all') return scopes
    if (word === 'read') return scopes.filter((scope) => scope.endsWith(':read'))
    const scope = scopes.find((one) => one === word)
    if (scope === undefined) {
      throw usage(`${JSON.stringify(word)} is no scope.`, `There are ${scopes.join(', ')}, read and all.`)
    }
    return [scope]
  })
  return [...new Set(named)]
}

function endOf(word: string, now: Date): string {
  const days = /^(\d{1,5})d$/.exec(word)?.[1]
  const end = days === undefined ? Date.parse(word) : now.getTime() + Number(days) * dayMs
  if (Number.isNaN(end)) throw usage(`--expires ${word} is no time.`, 'Write it like 30d or 2027-01-31.')
  return new Date(end).toISOString()
}
