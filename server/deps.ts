import type { Context } from 'hono'
import type { Scope } from '../shared/api/route.ts'
import type { Db } from '../shared/db/connect.ts'
import type { Log } from '../shared/log.ts'

/** Who asks. The local user (on the daemon's socket) and a signed-in person may do everything of their own. */
export type Principal = {
  userId: string
  kind: 'local' | 'session' | 'api_token'
  scopes: readonly Scope[] | 'all'
}

/** What the server needs. Entry files build it; nothing else reads the environment or opens a connection. */
export type Deps = {
  db: Db
  log: Log
  version: string
  /** Throws `unauthenticated`. */
  authenticate: (c: Context) => Promise<Principal>
  /** Called after each commit that wrote events; must not throw or wait. */
  onCommit: () => void
  notifications?: NotificationDeps
}

/** How the API deals with the notifier. Without it webhooks must be public and there is no feedback about mail. */
export type NotificationDeps = {
  /** Development only: also http, and addresses inside a private network. */
  allowPrivateWebhooks?: boolean
  /** SendGrid's verification key for its event webhook, base64 as its page shows it. */
  sendgridPublicKey?: string | null
  /** Called after a test or a replay was asked for; must not throw or wait. The notifier looks by itself too. */
  onRequest?: () => void
}
