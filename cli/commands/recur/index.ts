import type { Noun } from '../../command.ts'

export const recur: Noun = {
  summary: 'tasks that come again by a rule',
  bare: 'list',
  verbs: {
    list: async () => (await import('./list.ts')).list,
    add: async () => (await import('./add.ts')).add,
    show: async () => (await import('./show.ts')).show,
    edit: async () => (await import('./edit.ts')).edit,
    pause: async () => (await import('./pause.ts')).pause,
    resume: async () => (await import('./resume.ts')).resume,
    skip: async () => (await import('./skip.ts')).skip,
    rm: async () => (await import('./rm.ts')).rm,
    preview: async () => (await import('./preview.ts')).preview,
  },
}
