import type { Noun } from '../../command.ts'

export const token: Noun = {
  summary: 'API tokens for scripts',
  bare: 'list',
  verbs: {
    list: async () => (await import('./list.ts')).list,
    add: async () => (await import('./add.ts')).add,
    rm: async () => (await import('./rm.ts')).rm,
  },
}
