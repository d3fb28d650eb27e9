import * as z from 'zod'
import { Instant, requiredText, text } from './common.ts'
import type { Routes } from './route.ts'
import { TimeZone } from './time-zone.ts'

/** NFC and trimmed; compared without case by the database. The local part may be in any script. */
export const Email = text(254)
  .transform((email) => email.trim().normalize('NFC'))
  .refine((email) => /^[^\s@"<>\p{C}]{1,64}@[^\s@"<>.\p{C}]+(\.[^\s@"<>.\p{C}]+)+$/u.test(email), {
    error: 'is not an e-mail address',
  })

/** Never cut and without rules of composition. NFC, because two keyboards spell one letter differently. */
const Password = text(1024).transform((password) => password.normalize('NFC'))

const NewPassword = Password.refine((password) => password.length >= 16 || [...password].length >= 8, {
  error: 'is shorter than 8 characters',
  params: { code: 'too_short' },
})

/** At sign-in any address is only looked up, so that no answer tells which ones could exist. */
const GivenEmail = text(1000).transform((email) => email.trim().normalize('NFC'))

const PersonName = text(200).transform((name) => name.trim().normalize('NFC'))

export const User = z
  .object({
    id: z.uuid(),
    email: z.string(),
    name: z.string(),
    time_zone: z.string(),
    created_at: Instant,
  })
  .meta({ id: 'User' })
export type User = z.infer<typeof User>

export const SignedIn = z
  .object({
    user: User,
    access_token: z.string(),
    refresh_token: z.string(),
    token_type: z.literal('Bearer'),
    expires_in: z.int().meta({ description: 'Seconds until the access token ends' }),
  })
  .meta({ id: 'SignedIn' })
export type SignedIn = z.infer<typeof SignedIn>

export const Registration = z
  .strictObject({
    email: Email,
    password: NewPassword,
    name: PersonName.optional(),
    time_zone: TimeZone.optional(),
  })
  .meta({ id: 'Registration' })
export type Registration = z.infer<typeof Registration>

export const Credentials = z
  .strictObject({ email: GivenEmail, password: Password })
  .meta({ id: 'Credentials' })
export type Credentials = z.infer<typeof Credentials>

const RefreshToken = requiredText(512)

export const PasswordChange = z
  .strictObject({ current_password: Password, new_password: NewPassword })
  .meta({ id: 'PasswordChange' })
export type PasswordChange = z.infer<typeof PasswordChange>

export const UserPatch = z
  .strictObject({ name: PersonName.nullish(), time_zone: TimeZone.optional() })
  .meta({ id: 'UserPatch' })
export type UserPatch = z.infer<typeof UserPatch>

/** The signed-in person, also on the local socket, where nobody signs in. */
export const userRoutes = {
  'GET /api/auth/me': { summary: 'Read your account', access: 'session', answers: { 200: User } },
  'PATCH /api/auth/me': {
    summary: 'Change your name or time zone',
    access: 'session',
    body: UserPatch,
    answers: { 200: User },
  },
} as const satisfies Routes

export const authRoutes = {
  'POST /api/auth/register': {
    summary: 'Create an account and sign in',
    access: 'open',
    body: Registration,
    answers: { 201: SignedIn },
  },
  'POST /api/auth/login': {
    summary: 'Sign in',
    access: 'open',
    body: Credentials,
    answers: { 200: SignedIn },
  },
  'POST /api/auth/refresh': {
    summary: 'Exchange a refresh token for a new pair; each works once',
    access: 'open',
    body: z.strictObject({ refresh_token: RefreshToken }),
    answers: { 200: SignedIn },
  },
  'POST /api/auth/logout': {
    summary: 'End the session of the refresh token, else that of the access token',
    access: 'open',
    body: z.strictObject({ refresh_token: RefreshToken.optional() }),
    bodyOptional: true,
    answers: { 204: null },
  },
  'POST /api/auth/password': {
    summary: 'Change your password; every other session ends',
    access: 'session',
    body: PasswordChange,
    neverKept: true,
    answers: { 204: null },
  },
  'POST /api/auth/delete': {
    summary: 'Delete your account with everything in it',
    access: 'session',
    body: z.strictObject({ current_password: Password }),
    neverKept: true,
    answers: { 204: null },
  },
} as const satisfies Routes
