import type { Noun } from '../../command.ts'

export const priority: Noun = {
  summary: 'how much tasks matter',
  bare: 'list',
  verbs: { list: async () => (await import('./list.ts')).list },
}
