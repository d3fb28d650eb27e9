import { statusVerb } from '../status-verb.ts'

export const reopen = statusVerb(
  'todo',
  {
    summary: 'Take completion back',
    usage: '<ids…>',
    examples: [
      ['todo reopen 3', 'task 3 is open again'],
      ['todo reopen 3-5 8', 'several at once'],
    ],
  },
  'Reopened',
)
