import type { Verb } from '../../command.ts'
import { changeCredentials, localName } from '../../credentials.ts'
import { usage } from '../../errors.ts'
import { unknownContext } from '../../place.ts'

export const use: Verb = {
  summary: 'Work with another context from now on',
  usage: '<name>',
  examples: [
    ['todo context use local', 'the tasks of this machine'],
    ['todo list --context work', 'for one command only'],
  ],
  run: async ({ paths, out }, words) => {
    const [name] = words
    if (name === undefined || words.length > 1)
      throw usage('Name one context.', '`todo context list` shows all.')
    changeCredentials(paths, (credentials) => {
      const names = Object.keys(credentials.contexts)
      if (name !== localName && !names.includes(name)) throw unknownContext(name, names)
      credentials.current = name
    })
    out.value({ current: name }, `The context is ${name} now.\n`)
    return undefined
  },
}
