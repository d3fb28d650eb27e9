import type { Noun } from '../../command.ts'

export const config: Noun = {
  summary: 'your settings',
  bare: 'list',
  verbs: {
    list: async () => (await import('./list.ts')).list,
    get: async () => (await import('./get.ts')).get,
    set: async () => (await import('./set.ts')).set,
    path: async () => (await import('./path.ts')).path,
  },
}
