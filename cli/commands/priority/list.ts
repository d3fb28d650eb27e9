import type { Verb } from '../../command.ts'

export const list: Verb = {
  summary: 'List the priorities, lowest first',
  usage: '',
  examples: [['todo priority list', 'what --priority takes']],
  run: async ({ api, out }) => {
    const { items } = await api('GET /api/priorities')
    const line = (one: (typeof items)[number]) =>
      [one.id, one.name.toLowerCase(), one.level, one.color].join('\t')
    out.list(items, {
      line,
      columns: {
        id: (one) => one.id,
        name: (one) => one.name,
        level: (one) => one.level,
        color: (one) => one.color,
      },
    })
    return undefined
  },
}
