import type { ChannelKind } from '../shared/api/channel.ts'
import type { Attempt } from '../shared/api/delivery.ts'
import type { Sql } from '../shared/db/connect.ts'
import type { Settlement } from './settle.ts'

/** A delivery that this process holds, with all that deciding and sending need. */
export type Claimed = {
  id: number
  lease: string
  user_id: string
  channel_id: number
  kind: ChannelKind
  event_id: string
  event_type: string
  task_id: number | null
  payload: Record<string, unknown>
  tries: number
  unknowns: number
  expires_at: Date | null
  forced: boolean
  bundle: string | null
  /** Null when the channel has been deleted. */
  channel_target: string | null
  is_active: boolean
  /** The webhook's secrets as they are stored, the current one first. */
  secrets: string[]
  failing_since: Date | null
  unsubscribe_token: string | null
  /** Why the address gets no mail, or null. */
  suppression: string | null
  time_zone: string
  preferences: unknown
  /** Messages of this kind that its user got in the last hour, with those on their way and those claimed before this one. */
  sent_lately: number
  task_status: string | null
  task_deleted: boolean
  task_due_at: Date | null
  task_due_date: string | null
}

/** Who is limited together: webhooks each by themselves, the others by their provider. */
export const targetOf = ({ kind, channel_id }: Pick<Claimed, 'kind' | 'channel_id'>): string =>
  kind === 'webhook' ? String(channel_id) : kind

export type Room = { key: string; room: number }

/** So many due rows are looked at to fill the free places; more targets than that in one claim are not needed. */
const window = 512

/**
 * Takes up to `limit` due deliveries for `leaseMs`, the longest due first. Only the oldest of a task on its channel
 * is taken, only one of a bundle, and of a target no more than it has room for (`rooms`, else `caps` by kind). Other
 * notifiers skip what is being taken.
 */
export async function claim(
  sql: Sql,
  options: {
    lease: string
    leaseMs: number
    limit: number
    caps: Record<ChannelKind, number>
    rooms: Room[]
  },
): Promise<Claimed[]> {
  const full = options.rooms.filter(({ room }) => room === 0).map(({ key }) => key)
  const some = options.rooms.filter(({ room }) => room > 0)
  const target = sql`case when d.kind = 'webhook' then d.channel_id::text else d.kind end`
  const rows = await sql<Claimed[]>`
    with due as (
      select d.id, d.kind, d.next_attempt_at, ${target} as target
      from deliveries d
      where d.status = 'queued' and d.next_attempt_at <= now()
        and ${target} <> all(${full}::text[])
        and not exists (
          select from deliveries e
          where e.channel_id = d.channel_id and e.task_id = d.task_id and e.id < d.id
            and e.status in ('queued', 'sending'))
        and (d.bundle is null or not exists (
          select from deliveries e
          where e.channel_id = d.channel_id and e.bundle = d.bundle and e.id < d.id
            and e.status in ('queued', 'sending')))
      order by d.next_attempt_at, d.id limit ${window}
    ),
    ranked as (
      select due.*, row_number() over (partition by target order by next_attempt_at, id) as n from due
    ),
    picked as (
      select d.id from ranked r
        join deliveries d on d.id = r.id and d.status = 'queued'
        left join unnest(${some.map(({ key }) => key)}::text[], ${some.map(({ room }) => room)}::int[])
          as rooms (key, room) on rooms.key = r.target
      where r.n <= coalesce(rooms.room, (${JSON.stringify(options.caps)}::text::json ->> r.kind)::int)
      order by r.next_attempt_at, r.id limit ${options.limit}
      for update of d skip locked
    ),
    taken as (
      update deliveries d
      set status = 'sending', lease = ${options.lease}, updated_at = now(),
          lease_until = now() + ${options.leaseMs} * interval '1 millisecond'
      from picked where d.id = picked.id returning d.*
    )
    ${withContext(sql)}`
  return sorted(rows)
}

/** Takes what leaves together with a claimed delivery, under the same lease. */
export async function claimBundle(sql: Sql, head: Claimed, leaseMs: number): Promise<Claimed[]> {
  const rows = await sql<Claimed[]>`
    with picked as (
      select d.id from deliveries d
      where d.channel_id = ${head.channel_id} and d.bundle = ${head.bundle} and d.status = 'queued'
      order by d.id limit 200 for update skip locked
    ),
    taken as (
      update deliveries d
      set status = 'sending', lease = ${head.lease}, updated_at = now(),
          lease_until = now() + ${leaseMs} * interval '1 millisecond'
      from picked where d.id = picked.id returning d.*
    )
    ${withContext(sql)}`
  return sorted(rows)
}

/** An update returns its rows in no order. */
const sorted = (rows: Claimed[]) => [...rows].sort((a, b) => a.id - b.id)

const withContext = (sql: Sql) => sql`
  select d.id, d.lease, d.user_id, d.channel_id, d.kind, d.event_id, d.event_type, d.task_id, d.payload,
         d.tries, d.unknowns, d.expires_at, d.forced, d.bundle,
         c.target as channel_target,
         coalesce(c.is_active and not coalesce(h.disabled_at > c.enabled_at, false), false) as is_active,
         array_remove(array[c.secret, case when c.previous_secret_until > now() then c.previous_secret end], null)
           as secrets,
         h.failing_since, ${sentLately(sql)} as sent_lately,
         u.time_zone, p.preferences, t.status as task_status, t.deleted_at is not null as task_deleted,
         t.due_at as task_due_at, t.due_date as task_due_date,
         (select k.token from unsubscribe_tokens k
          where d.kind = 'email' and k.user_id = d.user_id and k.address = lower(c.target)) as unsubscribe_token,
         (select s.reason from mail_suppressions s
          where d.kind = 'email' and s.address = lower(c.target) and (s.user_id = d.user_id or s.user_id is null)
          limit 1) as suppression
  from taken d
    join users u on u.id = d.user_id
    left join notification_channels c on c.id = d.channel_id
    left join channel_health h on h.channel_id = d.channel_id
    left join notification_preferences p on p.user_id = d.user_id
    left join tasks t on t.id = d.task_id and t.user_id = d.user_id`

/** A bundle is one message. A user's last deliveries are enough to count: more of them cannot be within any limit. */
const sentLately = (sql: Sql) => sql`
  case when d.kind = 'webhook' then 0 else (
    select count(distinct coalesce(x.bundle, x.id::text)) from (
      select id, kind, status, bundle, updated_at from deliveries where user_id = d.user_id order by id desc limit 500
    ) x where x.kind = d.kind and x.status in ('sending', 'sent') and x.updated_at > now() - interval '1 hour'
  ) + row_number() over (partition by d.user_id, d.kind order by d.id) - 1 end`

export type Settled = { id: number; lease: string; attempt: Attempt | null; settlement: Settlement }

/** The log keeps this many attempts of a delivery; a key that is refused for days makes many. */
const keptAttempts = 50

/** Writes results down. Whoever lost the lease meanwhile changes nothing: somebody else has the delivery. */
export async function storeSettled(sql: Sql, settled: Settled[]): Promise<void> {
  const rows = settled.map(({ id, lease, attempt, settlement }) => ({
    id,
    lease,
    attempt,
    status: settlement.status,
    reason: settlement.reason,
    next_attempt_at: settlement.nextAttemptAt,
    counted: settlement.counted ? 1 : 0,
    unknown: settlement.unknown ? 1 : 0,
    rebundled: settlement.bundle !== undefined,
    bundle: settlement.bundle ?? null,
  }))
  await sql`
    update deliveries d
    set status = r.status, reason = r.reason, next_attempt_at = r.next_attempt_at,
        tries = d.tries + r.counted, unknowns = d.unknowns + r.unknown,
        bundle = case when r.rebundled then r.bundle else d.bundle end,
        attempts = case
          when r.attempt is null then d.attempts
          when jsonb_array_length(d.attempts) >= ${keptAttempts} then (d.attempts - 0) || r.attempt
          else d.attempts || r.attempt end,
        lease = null, lease_until = null, updated_at = now()
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as r (
      id bigint, lease uuid, status text, reason text, next_attempt_at timestamptz, counted int, unknown int,
      rebundled boolean, bundle text, attempt jsonb)
    where d.id = r.id and d.lease = r.lease`
}

/** A mail may have gone before its notifier died: it is sent once more. A repeated webhook or push is recognised. */
const mostInterruptions = { mail: 1, other: 9 }

/** Takes back what a notifier that died was sending. Returns how many there were. */
export async function reclaim(sql: Sql): Promise<number> {
  const rows = await sql`
    update deliveries d
    set status = r.status, next_attempt_at = case when r.status = 'queued' then now() end,
        reason = case when r.status = 'queued' then 'interrupted' else 'no_answer' end,
        unknowns = unknowns + 1, tries = tries + 1, lease = null, lease_until = null, updated_at = now(),
        attempts = d.attempts || jsonb_build_object(
          'at', to_char(d.updated_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
          'status', null, 'ms', 0, 'error', 'the notifier stopped while it was sending')
    from (
      select id, case when unknowns >= case kind when 'email' then ${mostInterruptions.mail}::int
                                       else ${mostInterruptions.other}::int end
                 then 'unknown' else 'queued' end as status
      from deliveries where status = 'sending' and lease_until < now()
      order by id limit 500 for update skip locked
    ) r
    where d.id = r.id
    returning d.id`
  return rows.length
}

/** When the next queued delivery falls due after now, or null. */
export async function nextDue(sql: Sql): Promise<Date | null> {
  const [row] = await sql<{ at: Date | null }[]>`
    select min(next_attempt_at) as at from deliveries where status = 'queued' and next_attempt_at > now()`
  return row?.at ?? null
}
