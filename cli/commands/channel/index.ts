import type { Noun } from '../../command.ts'

export const channel: Noun = {
  summary: 'where notifications go: webhooks, mail, devices, this desktop',
  bare: 'list',
  verbs: {
    list: async () => (await import('./list.ts')).list,
    add: async () => (await import('./add.ts')).add,
    edit: async () => (await import('./edit.ts')).edit,
    rm: async () => (await import('./rm.ts')).rm,
    test: async () => (await import('./test.ts')).test,
  },
}
