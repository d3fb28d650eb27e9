import { templateVerb } from '../../template-verb.ts'

export const pause = templateVerb(
  'pause',
  {
    summary: 'Pause recurring tasks; what falls into the pause is not made up',
    usage: '<ids…>',
    examples: [['todo recur pause 2', 'no more tasks until it is resumed']],
  },
  'Paused',
)
