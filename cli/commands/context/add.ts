import type { Verb } from '../../command.ts'
import { changeCredentials, localName } from '../../credentials.ts'
import { usage } from '../../errors.ts'
import { checkUrl } from '../../place.ts'

export const add: Verb = {
  summary: 'Give a server a name; `todo login` signs in',
  usage: '<name> <url>',
  examples: [['todo context add work https://todo.example.org', 'then: todo login --context work']],
  run: async ({ paths, out }, words) => {
    const [name, address] = words
    if (name === undefined || address === undefined || words.length > 2) {
      throw usage(
        'Give a name and an address.',
        'Like this: `todo context add work https://todo.example.org`.',
      )
    }
    if (!/^[\w.:@-]{1,100}$/.test(name) || name === localName || name.startsWith('-')) {
      throw usage(
        `${JSON.stringify(name)} cannot be a name.`,
        'Take letters, digits and . _ : @ -; not `local`.',
      )
    }
    const url = checkUrl(address)
    changeCredentials(paths, ({ contexts }) => {
      if (contexts[name] !== undefined && contexts[name].url !== url) {
        throw usage(`There is a context ${name} already.`, `Remove it first: \`todo context rm ${name}\`.`)
      }
      contexts[name] ??= { url }
    })
    out.value({ name, url }, `Added context ${name} for ${url}.\n`)
    return undefined
  },
}
