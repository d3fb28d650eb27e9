import type { ApiToken } from '../../../shared/api/token.ts'
import type { Verb } from '../../command.ts'
import { requireServer, tokenShape } from '../../tokens.ts'

export const list: Verb = {
  summary: 'List your API tokens, oldest first',
  usage: '',
  examples: [['todo token list', 'id, name, scopes, end, last use']],
  run: async (context) => {
    requireServer(context)
    const all: ApiToken[] = []
    let cursor: string | null = null
    do {
      const page: { items: ApiToken[]; next_cursor: string | null } = await context.api(
        'GET /api/{user_id}/tokens',
        { query: { limit: 200, ...(cursor !== null && { cursor }) } },
      )
      all.push(...page.items)
      cursor = page.next_cursor
    } while (cursor !== null)
    context.out.list(all, tokenShape)
    return undefined
  },
}
