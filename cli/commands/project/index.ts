import type { Noun } from '../../command.ts'

export const project: Noun = {
  summary: 'what open tasks belong to',
  bare: 'list',
  verbs: { list: async () => (await import('./list.ts')).list },
}
