import { statusVerb } from '../status-verb.ts'

export const start = statusVerb(
  'doing',
  {
    summary: 'Mark tasks as being done',
    usage: '<ids…>',
    examples: [
      ['todo start 3', 'begin with task 3'],
      ['todo start rent', 'the one with rent in its title'],
    ],
  },
  'Started',
)
