import type { Credentials, PasswordChange, Registration, SignedIn, User } from '../../shared/api/auth.ts'
import type { Db } from '../../shared/db/connect.ts'
import { AppError } from '../../shared/errors.ts'
import type { Accounts } from '../auth.ts'
import type { Principal } from '../deps.ts'
import {
  endOtherSessions,
  endSession,
  endSessionOf,
  type Origin,
  rotate,
  startSession,
} from '../sessions/repository.ts'
import {
  deleteUser,
  findCandidate,
  findUser,
  insertUser,
  readPassword,
  writePassword,
} from '../users/repository.ts'

export type AuthDeps = { db: Db; accounts: Accounts }

export async function register(deps: AuthDeps, origin: Origin, input: Registration): Promise<SignedIn> {
  const { db, accounts } = deps
  accounts.limits.fromAddress(origin.address)
  await refuseCommon(input.password, 'password', input.email)
  const user = await insertUser(db, {
    email: input.email,
    passwordHash: await accounts.passwords.hash(input.password),
    name: input.name ?? '',
    timeZone: input.time_zone ?? 'UTC',
  })
  if (user === undefined) throw emailTaken()
  return signIn(deps, origin, user)
}

/** Whoever asks about an account that does not exist gets the same answer, limits and delay as with a wrong password. */
export async function logIn(deps: AuthDeps, origin: Origin, input: Credentials): Promise<SignedIn> {
  const { db, accounts } = deps
  const { address } = origin
  accounts.limits.fromAddress(address)
  const account = input.email.toLowerCase()
  const candidate = await findCandidate(db, input.email, address)
  const isKnown = candidate?.known === true
  const verified = await accounts.limits.attempt({ account, address, isKnown }, () =>
    accounts.passwords.verify(candidate?.hash ?? null, input.password),
  )
  if (candidate === undefined || !verified.right) throw wrongCredentials()
  if (verified.outdated) {
    const to = await accounts.passwords.hash(input.password)
    await writePassword(db, candidate.user.id, { from: candidate.hash!, to })
  }
  return signIn(deps, origin, candidate.user)
}

export async function refresh(deps: AuthDeps, origin: Origin, token: string): Promise<SignedIn> {
  const { db, accounts } = deps
  accounts.limits.failedToken.check(origin.address)
  const rotation = await rotate(db, token)
  if (rotation.sessionId !== null && rotation.refreshToken === null) {
    accounts.forgetSessions([rotation.sessionId])
  }
  const user = rotation.refreshToken === null ? undefined : await findUser(db, rotation.userId)
  if (user === undefined) {
    accounts.limits.failedToken.count(origin.address)
    throw new AppError('unauthenticated', 'This refresh token is not valid, or no longer.', {
      hint: 'Sign in again with `todo login`.',
      reason: 'refresh_token_ended',
    })
  }
  return answer(deps, user, rotation.sessionId!, rotation.refreshToken!)
}

/** Ends the session that the refresh token names, else the caller's own. A token that is unknown is no fault. */
export async function logOut(
  { db, accounts }: AuthDeps,
  token: string | undefined,
  caller: Principal | null,
): Promise<void> {
  if (token !== undefined) {
    const ended = await endSessionOf(db, token)
    if (ended !== null) accounts.forgetSessions([ended])
    return
  }
  if (caller?.sessionId === undefined) return
  await endSession(db, caller.userId, caller.sessionId)
  accounts.forgetSessions([caller.sessionId])
}

export async function changePassword(
  deps: AuthDeps,
  caller: Principal,
  address: string | null,
  input: PasswordChange,
): Promise<void> {
  const { db, accounts } = deps
  const { hash, email } = await confirm(deps, caller, address, input.current_password)
  await refuseCommon(input.new_password, 'new_password', email)
  const to = await accounts.passwords.hash(input.new_password)
  const ended = await db.begin(async (sql) => {
    if (!(await writePassword(sql, caller.userId, { from: hash, to }))) throw wrongPassword()
    return endOtherSessions(sql, caller.userId, caller.sessionId ?? null)
  })
  accounts.forgetSessions(ended)
}

export async function deleteAccount(
  deps: AuthDeps,
  caller: Principal,
  address: string | null,
  password: string,
): Promise<void> {
  await confirm(deps, caller, address, password)
  await deleteUser(deps.db, caller.userId)
  deps.accounts.forgetAll()
}

/** The password of whoever is signed in, again. Counted like a sign-in, or a borrowed session could be used to guess. */
async function confirm(
  { db, accounts }: AuthDeps,
  caller: Principal,
  address: string | null,
  password: string,
): Promise<{ hash: string; email: string }> {
  const stored = await readPassword(db, caller.userId)
  const attempt = { account: caller.userId, address, isKnown: true }
  const { right } = await accounts.limits.attempt(attempt, () =>
    accounts.passwords.verify(stored?.hash ?? null, password),
  )
  if (!right || stored?.hash == null) throw wrongPassword()
  return { hash: stored.hash, email: stored.email }
}

async function signIn(deps: AuthDeps, origin: Origin, user: User): Promise<SignedIn> {
  const { sessionId, refreshToken } = await startSession(deps.db, user.id, origin)
  return answer(deps, user, sessionId, refreshToken)
}

function answer({ accounts }: AuthDeps, user: User, sessionId: number, refreshToken: string): SignedIn {
  const { token, expiresIn } = accounts.accessTokens.issue({ userId: user.id, sessionId })
  return {
    user,
    access_token: token,
    refresh_token: refreshToken,
    token_type: 'Bearer',
    expires_in: expiresIn,
  }
}

/** The list is loaded by the first one who chooses a password. */
async function refuseCommon(password: string, field: string, email: string): Promise<void> {
  const { isCommonPassword } = await import('./common-passwords.ts')
  const plain = password.toLowerCase()
  const own = [email, email.split('@')[0]!].map((text) => text.toLowerCase())
  if (!own.includes(plain) && !isCommonPassword(password)) return
  const message = own.includes(plain) ? 'is your e-mail address' : 'is one that many people use'
  throw new AppError('invalid', `${field} ${message}.`, {
    hint: 'A few words that only you would put together are easy to keep and hard to guess.',
    fields: [{ pointer: `/${field}`, code: 'too_common', message }],
  })
}

const wrongCredentials = () =>
  new AppError('unauthenticated', 'The e-mail address or the password is wrong.', {
    hint: 'Check both; the address does not depend on case, the password does.',
    reason: 'wrong_credentials',
  })

const wrongPassword = () =>
  new AppError('forbidden', 'The current password is wrong.', {
    hint: 'Check it and try again.',
    reason: 'wrong_password',
    fields: [{ pointer: '/current_password', code: 'wrong', message: 'is wrong' }],
  })

const emailTaken = () =>
  new AppError('conflict', 'There is an account with this e-mail address already.', {
    hint: 'Sign in with `todo login`.',
    reason: 'email_taken',
    fields: [{ pointer: '/email', code: 'taken', message: 'is taken' }],
  })
