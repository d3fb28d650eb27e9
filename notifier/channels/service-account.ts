import { createPrivateKey, type KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import * as z from 'zod'
import { AppError } from '../../shared/errors.ts'

const ServiceAccount = z.object({
  client_email: z.string().min(1),
  private_key: z.string().min(1),
  project_id: z.string().min(1),
  token_uri: z.url().default('https://oauth2.googleapis.com/token'),
})
export type ServiceAccount = z.infer<typeof ServiceAccount> & { key: KeyObject }

/** `text` is the account's JSON or the path of its file. Errors name the variable and never quote the key. */
export function readServiceAccount(text: string): ServiceAccount {
  const refuse = (what: string) =>
    new AppError('invalid', `FCM_SERVICE_ACCOUNT ${what}.`, {
      hint: "Set it to the service account's JSON, or to the path of the file with it.",
    })
  try {
    const account = ServiceAccount.parse(
      JSON.parse(text.trim().startsWith('{') ? text : readFileSync(text, 'utf8')),
    )
    return { ...account, key: createPrivateKey(account.private_key) }
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    throw refuse(missing ? 'names a file that does not exist' : 'is not a service account')
  }
}
