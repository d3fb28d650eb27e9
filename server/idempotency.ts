import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'
import { type Fragment, raw, type Sql } from '../shared/db/connect.ts'
import { AppError } from '../shared/errors.ts'
import type { Deps } from './deps.ts'
import type { Request } from './mount.ts'
import type { Reply } from './reply.ts'

type Kept = { request_hash: Buffer; status: Reply['status']; sealed: Buffer | null; answer: string | null }

/** One request under its key. The key itself is not stored: it opens the answers that are sealed. */
export type Once = { userId: string; route: string; keyText: string; key: Buffer; request: Buffer }

type Handle = (request: Request) => Promise<Reply | Response>

const keptHours = 24

export function onceOf(route: string, key: string, request: Request): Once {
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw new AppError('malformed', 'The Idempotency-Key is not understood.', {
      hint: 'Send 1 to 255 visible ASCII characters, such as a UUID.',
    })
  }
  return { userId: request.userId, route, keyText: key, key: sha256(key), request: fingerprint(request) }
}

/**
 * A POST with an Idempotency-Key: its answer is stored in the transaction of its effect, so a repeat within a day gets
 * the same answer and no second effect, wherever the first try was cut off. What fails is not kept.
 */
export async function keptOnce(deps: Deps, once: Once, request: Request, handle: Handle): Promise<Reply> {
  const { reply, replayed } = await deps.db.begin(async (sql) => {
    // Sent together and done in order, so what is found was there once the key was ours.
    const [, kept] = await Promise.all([claim(sql, once), find(sql, once)])
    if (kept !== undefined) return { reply: replay(kept, once), replayed: true }
    const reply = (await handle({ ...request, within: sql })) as Reply
    await keep(sql, once, reply, seal(once.keyText, JSON.stringify(reply)))
    return { reply, replayed: false }
  })
  if (!replayed) deps.onCommit()
  return reply
}

/** What the pieces below take from each call of their statement. */
export const onceSlots = (once: Once) => ({
  lockName: lockName(once),
  route: once.route,
  keyHash: once.key,
  requestHash: once.request,
})

/** `claimed`: one row that says whether the key is `free`, which is false while its first request is running. */
export const claimCte = (sql: Sql, slot: (name: string) => never): Fragment =>
  sql`claimed as materialized (select ${tryLock(sql, slot('lockName'))} as free)`

/** Keeps the JSON `data` of the row that `made` has; where that key is there already the whole statement fails. */
export const keepCtes = (sql: Sql, made: string, slot: (name: string) => never): Fragment => sql`
  ${sweepCte(sql)},
  kept as (
    insert into idempotency_keys (user_id, route, key_hash, request_hash, status, answer)
    select user_id, ${slot('route')}, ${slot('keyHash')}::bytea, ${slot('requestHash')}::bytea, 201, data::text
    from ${raw(sql, made)}
  )`

/**
 * The same for a handler whose one statement also keeps the answer. It fails where the key is there already, and only
 * then is looked for what is kept.
 */
export async function keptByStatement(
  deps: Deps,
  once: Once,
  request: Request,
  handle: Handle,
): Promise<Reply> {
  const attempt = async () => (await handle({ ...request, once })) as Reply
  try {
    return await attempt()
  } catch (error) {
    if (!isKept(error)) throw error
    const kept = await find(deps.db, once)
    if (kept !== undefined) return replay(kept, once)
    await forget(deps.db, once)
    return attempt()
  }
}

const isKept = (error: unknown) =>
  error instanceof Error &&
  (error as { constraint_name?: string }).constraint_name === 'idempotency_keys_pkey'

const lockName = ({ userId, route, key }: Once) => `${userId} ${route} ${key.toString('base64')}`

/** A lock that is tried and not waited for, since the first try may be running; it ends with its transaction. */
const tryLock = (sql: Sql, name: string): Fragment =>
  sql`pg_try_advisory_xact_lock(hashtextextended(${name}::text, 7204))`

async function claim(sql: Sql, once: Once): Promise<void> {
  const [row] = await sql<{ free: boolean }[]>`select ${tryLock(sql, lockName(once))} as free`
  if (!row!.free) throw inUse()
}

export const inUse = () =>
  new AppError('conflict', 'The first request with this Idempotency-Key is still running.', {
    hint: 'Repeat it in a moment; it will get the first answer.',
    reason: 'idempotency_key_in_use',
    retryAfterSec: 1,
  })

async function find(sql: Sql, { userId, route, key }: Once): Promise<Kept | undefined> {
  const [kept] = await sql<Kept[]>`
    select request_hash, status, sealed, answer from idempotency_keys
    where user_id = ${userId} and route = ${route} and key_hash = ${key}
      and created_at > now() - make_interval(hours => ${keptHours})`
  return kept
}

const forget = (sql: Sql, { userId, route, key }: Once) =>
  sql`delete from idempotency_keys
    where user_id = ${userId} and route = ${route} and key_hash = ${key}
      and created_at <= now() - make_interval(hours => ${keptHours})`

/** Each new key takes a few old ones away, so that no sweeper is needed. */
const sweepCte = (sql: Sql): Fragment => sql`
  swept as (
    delete from idempotency_keys where ctid = any(array(
      select ctid from idempotency_keys
      where created_at < now() - make_interval(hours => ${raw(sql, String(keptHours + 1))})
      order by created_at limit 10 for update skip locked
    ))
  )`

const keep = (sql: Sql, { userId, route, key, request }: Once, reply: Reply, sealed: Buffer) =>
  sql`
    with ${sweepCte(sql)}
    insert into idempotency_keys (user_id, route, key_hash, request_hash, status, sealed)
    values (${userId}, ${route}, ${key}, ${request}, ${reply.status}, ${sealed})
    on conflict (user_id, route, key_hash) do update set
      request_hash = excluded.request_hash, status = excluded.status, sealed = excluded.sealed, answer = null,
      created_at = now()`

function replay(kept: Kept, once: Once): Reply {
  if (!kept.request_hash.equals(once.request)) {
    throw new AppError('invalid', 'This Idempotency-Key was used for another request.', {
      hint: 'Take a new key for a new request.',
      reason: 'idempotency_key_reused',
    })
  }
  const reply = kept.sealed === null ? madeBy(kept, once) : openSealed(once.keyText, kept.sealed)
  return { ...reply, headers: { ...reply.headers, 'idempotent-replayed': 'true' } }
}

const openSealed = (key: string, sealed: Buffer) => JSON.parse(unseal(key, sealed)) as Reply

/** The answer of a create: what was made, and its place below the place that it was sent to. */
function madeBy({ status, answer }: Kept, { userId, route }: Once): Reply {
  const { id, version } = JSON.parse(answer!) as { id: number; version: number }
  const [, path = ''] = route.split(' ')
  return { status, json: answer!, version, location: `${path.replace('{user_id}', userId)}/${id}` }
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
