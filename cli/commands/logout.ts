import { createApi } from '../../shared/api-client.ts'
import { AppError } from '../../shared/errors.ts'
import type { Verb } from '../command.ts'
import type { Context } from '../context.ts'
import { changeCredentials, type Secrets } from '../credentials.ts'

export const logout: Verb = {
  summary: 'Sign out, here and on the server',
  usage: '',
  examples: [
    ['todo logout', 'of the current context'],
    ['todo logout --context work', 'of another one'],
  ],
  run: async (context) => {
    const target = context.target()
    if (target?.name == null || target.place.secrets === undefined) {
      const where =
        target === null ? 'The service of this machine needs no sign-in' : 'You were not signed in'
      context.out.note(`${where}.\n`)
      return undefined
    }
    const { name, place } = target
    const failure = await tell(context, place.url, target.place.secrets)
    changeCredentials(context.paths, ({ contexts }) => {
      delete contexts[name]?.secrets
    })
    context.out.note(`Signed out at ${place.url}.\n`)
    if (failure === null) return undefined
    context.out.note(`The server could not be told, so it keeps the session until it ends: ${failure}\n`)
    return 1
  },
}

/** The secrets are forgotten here in any case. An API token has no session; `todo token rm` revokes it. */
async function tell(context: Context, url: string, secrets: Secrets): Promise<string | null> {
  if (secrets.kind === 'token') return null
  try {
    const { send } = await context.remote(url)
    await createApi(send)('POST /api/auth/logout', { body: { refresh_token: secrets.refresh_token } })
    return null
  } catch (error) {
    if (error instanceof AppError) return error.message
    throw error
  }
}
