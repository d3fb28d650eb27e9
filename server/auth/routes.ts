import type { Context } from 'hono'
import type { authRoutes } from '../../shared/api/auth.ts'
import { AppError } from '../../shared/errors.ts'
import type { Accounts } from '../auth.ts'
import type { Deps } from '../deps.ts'
import type { Handlers } from '../mount.ts'
import type { Reply } from '../reply.ts'
import type { Origin } from '../sessions/repository.ts'
import { changePassword, deleteAccount, logIn, logOut, refresh, register } from './service.ts'

export const authHandlers = ({ db }: Deps, accounts: Accounts): Handlers<typeof authRoutes> => {
  const deps = { db, accounts }
  const originOf = (c: Context): Origin => ({
    address: accounts.addressOf(c),
    userAgent: printable(c.req.header('user-agent') ?? ''),
  })
  return {
    'POST /api/auth/register': async ({ c, body }) => ({
      status: 201,
      json: JSON.stringify(await register(deps, originOf(c), body)),
      location: '/api/auth/me',
    }),

    'POST /api/auth/login': async ({ c, body }) => signedIn(await logIn(deps, originOf(c), body)),

    'POST /api/auth/refresh': async ({ c, body }) =>
      signedIn(await refresh(deps, originOf(c), body.refresh_token)),

    'POST /api/auth/logout': async ({ c, body }) => {
      const caller = await callerOf(c, accounts, body.refresh_token !== undefined)
      if (caller?.kind === 'api_token') throw notForTokens()
      await logOut(deps, body.refresh_token, caller)
      return { status: 204 }
    },

    'POST /api/auth/password': async ({ c, principal, body }) => {
      await changePassword(deps, principal, accounts.addressOf(c), body)
      return { status: 204 }
    },

    'POST /api/auth/delete': async ({ c, principal, body }) => {
      await deleteAccount(deps, principal, accounts.addressOf(c), body.current_password)
      return { status: 204 }
    },
  }
}

const signedIn = (answer: object): Reply => ({ status: 200, json: JSON.stringify(answer) })

/** With a refresh token in the body, an access token that has ended meanwhile does no harm. */
async function callerOf(c: Context, accounts: Accounts, isOptional: boolean) {
  try {
    return await accounts.authenticate(c)
  } catch (error) {
    if (isOptional && error instanceof AppError && error.code === 'unauthenticated') return null
    throw error
  }
}

const notForTokens = () =>
  new AppError('forbidden', 'An API token has no session to end.', {
    hint: 'Revoke it with `todo token rm`.',
  })

/** What is shown in the list of sessions must not be able to draw on a terminal. */
const printable = (text: string): string => [...text.replaceAll(/[^\x20-\x7e]/g, '?')].slice(0, 200).join('')
