import type { CliConfig, HomePaths } from '../shared/config.ts'
import { AppError } from '../shared/errors.ts'
import { suggest } from '../shared/suggest.ts'
import { localName, type Place, readCredentials } from './credentials.ts'
import { usage } from './errors.ts'

/** Where a command goes. `name` null: given by TODO_API_URL, so nothing is stored for it. */
export type Target = { name: string | null; place: Place }

/** `--context` > TODO_API_URL, TODO_TOKEN > the current context. Null is the local daemon. */
export function findTarget(
  config: Pick<CliConfig, 'apiUrl' | 'token'>,
  paths: HomePaths,
  named: string | undefined,
): Target | null {
  if (named === undefined && config.apiUrl !== null) {
    const url = checkUrl(config.apiUrl, 'TODO_API_URL')
    if (config.token !== null) return { name: null, place: withToken({ url }, config.token) }
    return findByUrl(paths, url) ?? { name: null, place: { url } }
  }
  const { current, contexts } = readCredentials(paths)
  const name = named ?? current
  if (name === localName) return null
  const place = Object.hasOwn(contexts, name) ? contexts[name] : undefined
  if (place === undefined) throw unknownContext(name, Object.keys(contexts))
  if (named !== undefined || config.token === null) return { name, place }
  return { name: null, place: withToken({ url: place.url }, config.token) }
}

/** The context of a server, the signed-in one first when there are several. */
export function findByUrl(paths: HomePaths, url: string): { name: string; place: Place } | null {
  const there = Object.entries(readCredentials(paths).contexts).filter(([, place]) => place.url === url)
  const [name, place] = there.find(([, { secrets }]) => secrets !== undefined) ?? there[0] ?? []
  return name === undefined || place === undefined ? null : { name, place }
}

const withToken = (place: Place, token: string): Place => ({ ...place, secrets: { kind: 'token', token } })

export function unknownContext(name: string, names: string[]): AppError {
  const near = suggest(name, [localName, ...names])
  return new AppError('not_found', `There is no context ${JSON.stringify(name)}.`, {
    hint: near ? `Did you mean ${near}?` : '`todo context list` shows all.',
    reason: 'no_such_context',
  })
}

/** Without user, query and slash at the end; a name and password in a URL would be shown by every list. */
export function checkUrl(word: string, what = 'The address'): string {
  const url = URL.parse(/^[a-z]+:\/\//i.test(word) ? word : `https://${word}`)
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw usage(`${what} is no http or https URL.`, 'Write it like https://todo.example.org.')
  }
  if (url.username !== '' || url.password !== '') {
    throw usage(`${what} holds a name or a password.`, 'Leave them out; they would be stored and shown.')
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '')
}

/** A password and every token could be read on the way. */
export const isUnprotected = (url: string): boolean => {
  const { protocol, hostname } = new URL(url)
  return protocol === 'http:' && !/^(localhost|127(\.\d+){3}|\[::1\]|.*\.localhost)$/.test(hostname)
}
