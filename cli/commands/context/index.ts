import type { Noun } from '../../command.ts'

export const context: Noun = {
  summary: 'the servers you work with',
  bare: 'list',
  verbs: {
    list: async () => (await import('./list.ts')).list,
    use: async () => (await import('./use.ts')).use,
    add: async () => (await import('./add.ts')).add,
    rm: async () => (await import('./rm.ts')).rm,
  },
}
