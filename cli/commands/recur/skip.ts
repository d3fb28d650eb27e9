import { templateVerb } from '../../template-verb.ts'

export const skip = templateVerb(
  'skip',
  {
    summary: 'Leave out the next occurrence',
    usage: '<ids…>',
    examples: [['todo recur skip 2', 'the next one is not made']],
  },
  'Skipped one of',
)
