import type { Noun } from '../../command.ts'

export const alias: Noun = {
  summary: 'commands of your own',
  bare: 'list',
  verbs: {
    list: async () => (await import('./list.ts')).list,
    set: async () => (await import('./set.ts')).set,
    rm: async () => (await import('./rm.ts')).rm,
  },
}
