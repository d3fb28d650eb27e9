import type { Noun } from '../../command.ts'

export const tag: Noun = {
  summary: 'names that tasks share',
  bare: 'list',
  verbs: {
    list: async () => (await import('./list.ts')).list,
    add: async () => (await import('./add.ts')).add,
    rename: async () => (await import('./rename.ts')).rename,
    rm: async () => (await import('./rm.ts')).rm,
  },
}
