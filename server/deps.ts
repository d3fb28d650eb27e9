import type { Context } from 'hono'
import type { Scope } from '../shared/api/route.ts'
import type { Db } from '../shared/db/connect.ts'
import type { Log } from '../shared/log.ts'
import type { SecretBox } from '../shared/secret-box.ts'
import type { Tracing } from '../shared/tracing.ts'
import type { Accounts } from './auth.ts'
import type { RelayState } from './relay.ts'

/** Who asks. The local user (on the daemon's socket) and a signed-in person may do everything of their own. */
export type Principal = {
  userId: string
  kind: 'local' | 'session' | 'api_token'
  scopes: readonly Scope[] | 'all'
  /** Which API token; each has an undo of its own. */
  tokenId?: string | number
  /** Which sign-in; an access token may be of none. */
  sessionId?: number
  /** When the token ends, in milliseconds since 1970; a stream closes then. */
  expiresAt?: number
}

/** What the server needs. Entry files build it; nothing else reads the environment or opens a connection. */
export type Deps = {
  db: Db
  log: Log
  version: string
  /** Throws `unauthenticated`. A promise only where the database is asked, which it hardly ever is. */
  authenticate: (c: Context) => Principal | Promise<Principal>
  /** How people sign in; without it (the local socket) there are no routes for that. */
  accounts?: Accounts
  /** Throws for callers who may not read /metrics; without it (the local socket) everybody may. */
  checkMetricsAccess?: (c: Context) => void
  /** Answers reach people by https, so they may tell browsers to insist on it. */
  isHttps?: boolean
  /** How long an answer may take before it is 503, in milliseconds; see deadline.ts. */
  deadlineMs?: number
  /** Called after each commit that wrote events; must not throw or wait. */
  onCommit: () => void
  /** Calls the listener when there may be new events, written here or elsewhere; see wake.ts. */
  onWake: (listener: () => void) => () => void
  /** Aborted when the server stops: streams end then. */
  signal: AbortSignal
  /** Aborted when it was told to stop: from then on it is not ready, and goes on answering. */
  stopping?: AbortSignal
  notifications?: NotificationDeps
  tracing?: Tracing
  /** What this process knows of the way of its events to the bus; without it there is no bus beside the process. */
  publishing?: Publishing
}

export type Publishing = {
  relay: RelayState
  /** Never throws, and answers within a second. */
  sidecarAnswers: () => Promise<boolean>
  /** Seconds since the last turn of each background loop. */
  ages: () => Record<string, number>
}

/** How the API deals with the notifier. Without it webhooks must be public and there is no feedback about mail. */
export type NotificationDeps = {
  /** Development only: also http, and addresses inside a private network. */
  allowPrivateWebhooks?: boolean
  /** Seals the secrets of webhooks; absent, they are stored as they are. */
  secrets?: SecretBox
  /** SendGrid's verification key for its event webhook, base64 as its page shows it. */
  sendgridPublicKey?: string | null
  /** Called after a test or a replay was asked for; must not throw or wait. The notifier looks by itself too. */
  onRequest?: () => void
}
