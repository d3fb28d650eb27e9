import type { SignedIn } from '../../shared/api/auth.ts'
import { createApi, type Send, toError } from '../../shared/api-client.ts'
import { AppError } from '../../shared/errors.ts'
import { askLine } from '../ask.ts'
import type { Verb } from '../command.ts'
import type { Context } from '../context.ts'
import { changeCredentials, localName, type Secrets } from '../credentials.ts'
import { zoneName } from '../dates/zone.ts'
import { usage } from '../errors.ts'
import type { FlagSet } from '../flags.ts'
import { checkUrl, findByUrl, isUnprotected } from '../place.ts'
import { askSecret, readSecret } from '../secret.ts'
import { sessionOf } from '../session.ts'
import { escapeControls } from '../text.ts'

type Flags = {
  email?: string
  passwordStdin?: boolean
  tokenStdin?: boolean
  register?: boolean
  name?: string
}

export const login: Verb<Flags> = {
  summary: 'Sign in to a server and use it from now on',
  usage: '[url] [email]',
  examples: [
    ['todo login https://todo.example.org', 'asks for e-mail address and password'],
    ['todo login https://todo.example.org --register', 'make an account there'],
    ['pass todo | todo login URL anna@example.org --password-stdin', 'without a terminal'],
    ['echo "$TOKEN" | todo login URL --token-stdin --context ci', 'with an API token'],
  ],
  define: (flags: FlagSet) => {
    flags
      .option('-e, --email <address>', 'who you are there')
      .option('--password-stdin', 'read the password from stdin')
      .option('--token-stdin', 'read an API token from stdin')
      .option('--register', 'make a new account')
      .option('--name <name>', 'your name, with --register')
  },
  run: async (context, words, flags) => {
    const url = urlOf(context, words)
    const { send } = await context.remote(url)
    if (isUnprotected(url))
      context.out.note(`Careful: ${url} is not encrypted; anybody on the way can read along.\n`)
    const name = nameOf(context, url)
    if (flags.tokenStdin) {
      await checkToken(send, await readSecret(context.terminal, '--token-stdin')).then((secrets) =>
        store(context, name, { url, secrets }),
      )
      context.out.value({ context: name, url }, `Signed in at ${url} with a token.\n`)
      return undefined
    }
    const signedIn = await signIn(context, send, words[1] ?? flags.email, flags)
    if (signedIn === null) return 130
    const { user } = signedIn
    store(context, name, { url, email: user.email, secrets: sessionOf(signedIn) })
    context.out.value(user, `Signed in at ${url} as ${escapeControls(user.email)}.\n`)
    return undefined
  },
}

function urlOf(context: Context, words: string[]): string {
  if (words.length > 2) throw usage('Too many words.', 'Like this: `todo login https://todo.example.org`.')
  if (words[0] !== undefined) return checkUrl(words[0])
  const target = context.target()
  if (target !== null) return target.place.url
  throw usage('Name the server.', 'Like this: `todo login https://todo.example.org`.')
}

/** `--context`, else the one that this server has already, else its host. */
function nameOf({ flags, paths }: Context, url: string): string {
  if (flags.context === localName) {
    throw usage('`local` is the service of this machine.', 'Choose another name for --context.')
  }
  return flags.context ?? findByUrl(paths, url)?.name ?? new URL(url).host
}

/** Null when the user gave up at a question. */
async function signIn(
  context: Context,
  send: Send,
  given: string | undefined,
  flags: Flags,
): Promise<SignedIn | null> {
  const canAsk = context.terminal.isInteractive && context.flags.input
  if (!flags.passwordStdin && !canAsk) {
    throw usage(
      'There is no terminal to ask for the password.',
      'Pipe it in with --password-stdin, or a token with --token-stdin.',
    )
  }
  if (given === undefined && !canAsk) {
    throw usage('Name the e-mail address.', 'Like this: `todo login URL anna@example.org --password-stdin`.')
  }
  const email = given ?? (await askLine(context.terminal, 'E-mail: '))
  const password = flags.passwordStdin
    ? await readSecret(context.terminal, '--password-stdin')
    : await askPassword(context, flags.register === true)
  if (password === null) return null
  const api = createApi(send)
  if (!flags.register) return api('POST /api/auth/login', { body: { email, password } })
  const body = {
    email,
    password,
    time_zone: zoneName(context.timeZone()),
    ...(flags.name !== undefined && { name: flags.name }),
  }
  return api('POST /api/auth/register', { body })
}

async function askPassword({ terminal }: Context, isNew: boolean): Promise<string | null> {
  const password = await askSecret(terminal, isNew ? 'New password: ' : 'Password: ')
  if (!isNew || password === null) return password
  const again = await askSecret(terminal, 'Once more: ')
  if (again === null || again === password) return again
  throw usage('The two passwords differ.', 'Try again.')
}

/** Any answer but 401 says that the token is known; what it may do is its own affair. */
async function checkToken(send: Send, token: string): Promise<Secrets> {
  const response = await send({
    method: 'GET',
    path: '/api/me/tasks?limit=1',
    headers: { accept: 'application/json', authorization: `Bearer ${token}` },
    body: null,
  })
  if (response.status === 401) {
    throw new AppError('unauthenticated', 'The server does not know this token, or no longer.', {
      hint: 'Make one with `todo token add`.',
    })
  }
  if (response.status >= 400 && response.status !== 403) throw toError(response)
  return { kind: 'token', token }
}

function store(
  { paths }: Context,
  name: string,
  place: { url: string; email?: string; secrets: Secrets },
): void {
  changeCredentials(paths, (credentials) => {
    credentials.contexts[name] = place
    credentials.current = name
  })
}
