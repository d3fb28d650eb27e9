import type { Db } from '../../shared/db/connect.ts'
import { lockUser } from '../../shared/db/outbox.ts'
import type { SecretBox } from '../../shared/secret-box.ts'

type Row = { id: number; user_id: string; secret: string; previous_secret: string | null }

const batchSize = 200

/**
 * Seals every stored secret that is not sealed with the current key, channel by channel, and answers how many channels
 * it changed. What no key of ours opens is left as it is. Several servers may do it at once.
 */
export async function resealSecrets(db: Db, box: SecretBox, signal: AbortSignal): Promise<number> {
  let [changed, after] = [0, 0]
  while (!signal.aborted) {
    const rows = await db<Row[]>`
      select id, user_id, secret, previous_secret from notification_channels
      where id > ${after} and secret is not null order by id limit ${batchSize}`
    for (const row of rows) {
      if (needsSeal(box, row) && !signal.aborted && (await reseal(db, box, row))) changed += 1
    }
    if (rows.length < batchSize) return changed
    after = rows.at(-1)!.id
  }
  return changed
}

const needsSeal = (box: SecretBox, { secret, previous_secret }: Row): boolean =>
  !box.isCurrent(secret) || (previous_secret !== null && !box.isCurrent(previous_secret))

/** Only if nobody has changed them since they were read. Its version stays: nothing that a user sees has changed. */
async function reseal(db: Db, box: SecretBox, row: Row): Promise<boolean> {
  const [secret, previous] = [resealed(box, row.secret, row), resealed(box, row.previous_secret, row)]
  if (secret === row.secret && previous === row.previous_secret) return false
  return db.begin(async (sql) => {
    await lockUser(sql, row.user_id)
    const rows = await sql`
      update notification_channels set secret = ${secret}, previous_secret = ${previous}
      where id = ${row.id} and secret = ${row.secret}
        and previous_secret is not distinct from ${row.previous_secret}
      returning id`
    return rows.length > 0
  })
}

function resealed(box: SecretBox, stored: string | null, { user_id }: Row): string | null {
  if (stored === null || box.isCurrent(stored)) return stored
  try {
    return box.seal(box.open(stored, user_id), user_id)
  } catch {
    return stored
  }
}
