import type { Verb } from '../../command.ts'
import { changeCredentials, localName } from '../../credentials.ts'
import { usage } from '../../errors.ts'
import { unknownContext } from '../../place.ts'

export const rm: Verb = {
  summary: 'Forget a context and its credentials',
  usage: '<name>',
  examples: [['todo context rm work', 'sign out first with `todo logout --context work`']],
  run: async ({ paths, out }, words) => {
    const [name] = words
    if (name === undefined || words.length > 1)
      throw usage('Name one context.', '`todo context list` shows all.')
    if (name === localName)
      throw usage('`local` is always there.', 'Use another one: `todo context use NAME`.')
    changeCredentials(paths, (credentials) => {
      const names = Object.keys(credentials.contexts)
      if (!names.includes(name)) throw unknownContext(name, names)
      delete credentials.contexts[name]
      if (credentials.current === name) credentials.current = localName
    })
    out.value({ name }, `Removed context ${name}.\n`)
    return undefined
  },
}
