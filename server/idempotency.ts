import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'
import type { Sql } from '../shared/db/connect.ts'
import { AppError } from '../shared/errors.ts'
import type { Deps } from './deps.ts'
import type { Request } from './mount.ts'
import type { Reply } from './reply.ts'

type Kept = { request_hash: Buffer; sealed: Buffer }

const keptHours = 24

/**
 * A POST with an Idempotency-Key: its answer is stored in the transaction of its effect, so a repeat within a day gets
 * the same answer and no second effect, wherever the first try was cut off. What fails is not kept.
 */
export async function keptOnce(
  deps: Deps,
  route: string,
  key: string,
  request: Request,
  handle: (request: Request) => Promise<Reply | Response>,
): Promise<Reply> {
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw new AppError('malformed', 'The Idempotency-Key is not understood.', {
      hint: 'Send 1 to 255 visible ASCII characters, such as a UUID.',
    })
  }
  const row = { userId: request.userId, route, key: sha256(key), request: fingerprint(request) }
  const { reply, replayed } = await deps.db.begin(async (sql) => {
    await claim(sql, row)
    const kept = await find(sql, row)
    if (kept !== undefined) return { reply: replay(kept, row.request, key), replayed: true }
    const reply = (await handle({ ...request, within: sql })) as Reply
    await keep(sql, row, reply, seal(key, JSON.stringify(reply)))
    return { reply, replayed: false }
  })
  if (!replayed) deps.onCommit()
  return reply
}

type Row = { userId: string; route: string; key: Buffer; request: Buffer }

/** A lock that is tried and not waited for, since the first try may be running; it ends with its transaction. */
async function claim(sql: Sql, { userId, route, key }: Row): Promise<void> {
  const name = `${userId} ${route} ${key.toString('base64')}`
  const [row] = await sql<{ free: boolean }[]>`
    select pg_try_advisory_xact_lock(hashtextextended(${name}::text, 7204)) as free`
  if (row!.free) return
  throw new AppError('conflict', 'The first request with this Idempotency-Key is still running.', {
    hint: 'Repeat it in a moment; it will get the first answer.',
    reason: 'idempotency_key_in_use',
    retryAfterSec: 1,
  })
}

async function find(sql: Sql, { userId, route, key }: Row): Promise<Kept | undefined> {
  const [kept] = await sql<Kept[]>`
    select request_hash, sealed from idempotency_keys
    where user_id = ${userId} and route = ${route} and key_hash = ${key}
      and created_at > now() - make_interval(hours => ${keptHours})`
  return kept
}

/** Each new key takes a few old ones away, so that no sweeper is needed. */
const keep = (sql: Sql, { userId, route, key, request }: Row, reply: Reply, sealed: Buffer) =>
  sql`
    with old as (
      delete from idempotency_keys where ctid = any(array(
        select ctid from idempotency_keys where created_at < now() - make_interval(hours => ${keptHours + 1})
        order by created_at limit 10 for update skip locked
      ))
    )
    insert into idempotency_keys (user_id, route, key_hash, request_hash, status, sealed)
    values (${userId}, ${route}, ${key}, ${request}, ${reply.status}, ${sealed})
    on conflict (user_id, route, key_hash) do update set
      request_hash = excluded.request_hash, status = excluded.status, sealed = excluded.sealed, created_at = now()`

function replay(kept: Kept, request: Buffer, key: string): Reply {
  if (!kept.request_hash.equals(request)) {
    throw new AppError('invalid', 'This Idempotency-Key was used for another request.', {
      hint: 'Take a new key for a new request.',
      reason: 'idempotency_key_reused',
    })
  }
  const reply = JSON.parse(unseal(key, kept.sealed)) as Reply
  return { ...reply, headers: { ...reply.headers, 'idempotent-replayed': 'true' } }
}

const sha256 = (text: string) => createHash('sha256').update(text).digest()

/** Of what was understood, so that white space and the order of the query do not matter. */
const fingerprint = ({ id, query, body }: Request) =>
  sha256(JSON.stringify([id, query ?? null, body ?? null]))

// AES-256-GCM under a key derived from the Idempotency-Key, which is not stored: nonce, tag, text.
const sealingKey = (key: string, nonce: Buffer) =>
  Buffer.from(hkdfSync('sha256', key, nonce, 'todo idempotency', 32))

function seal(key: string, text: string): Buffer {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', sealingKey(key, nonce), nonce)
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed])
}

function unseal(key: string, sealed: Buffer): string {
  const nonce = sealed.subarray(0, 12)
  const decipher = createDecipheriv('aes-256-gcm', sealingKey(key, nonce), nonce)
  decipher.setAuthTag(sealed.subarray(12, 28))
  return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]).toString('utf8')
}
