import type { ServeConfig } from '../../shared/config/services.ts'
import type { Db } from '../../shared/db/connect.ts'
import type { SignIn } from './system.ts'

/** Over TCP everybody needs a token: real accounts, with the key of the settings or the database's own. */
export async function accountsOf(db: Db, config: ServeConfig): Promise<SignIn> {
  const [{ createAccounts }, { createMetricsAccess }, { ensureSigningKey }] = await Promise.all([
    import('../../server/auth.ts'),
    import('../../server/metrics-access.ts'),
    import('../../server/auth/signing-key.ts'),
  ])
  const jwtSecret = config.jwtSecret ?? (await ensureSigningKey(db))
  const accounts = createAccounts({ ...config, jwtSecret, db })
  return {
    accounts,
    authenticate: accounts.authenticate,
    checkMetricsAccess: createMetricsAccess(config),
    isHttps: config.publicUrl?.startsWith('https:') ?? false,
  }
}
