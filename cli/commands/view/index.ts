import type { Noun } from '../../command.ts'

export const view: Noun = {
  summary: 'filters with a name of their own; `todo NAME` shows one',
  bare: 'list',
  verbs: {
    list: async () => (await import('./list.ts')).list,
    save: async () => (await import('./save.ts')).save,
    rm: async () => (await import('./rm.ts')).rm,
  },
}
