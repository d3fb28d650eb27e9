import type { Verb } from '../../command.ts'
import { usage } from '../../errors.ts'
import { requireServer } from '../../tokens.ts'

export const rm: Verb = {
  summary: 'Revoke API tokens at once',
  usage: '<id…>',
  examples: [['todo token rm 3', 'whatever uses it is refused from now on']],
  run: async (context, words) => {
    requireServer(context)
    const ids = words.flatMap((word) => word.split(',')).filter((word) => word !== '')
    const wrong = ids.find((id) => !/^[1-9]\d{0,14}$/.test(id))
    if (ids.length === 0 || wrong !== undefined) {
      throw usage(
        wrong === undefined ? 'Name the tokens by their ids.' : `${JSON.stringify(wrong)} is no id.`,
        '`todo token list` shows them.',
      )
    }
    const revoked: { id: number }[] = []
    for (const id of ids) {
      await context.api('DELETE /api/{user_id}/tokens/{id}', { params: { id } })
      revoked.push({ id: Number(id) })
    }
    context.out.list(revoked, { line: ({ id }) => `Revoked token ${id}`, columns: { id: ({ id }) => id } })
    return undefined
  },
}
