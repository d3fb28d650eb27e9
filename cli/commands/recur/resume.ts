import { templateVerb } from '../../template-verb.ts'

export const resume = templateVerb(
  'resume',
  {
    summary: 'Resume recurring tasks that were paused or stopped',
    usage: '<ids…>',
    examples: [['todo recur resume 2', 'it goes on from now']],
  },
  'Resumed',
)
