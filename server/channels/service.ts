import { randomBytes } from 'node:crypto'
import {
  type Channel,
  type ChannelKind,
  type ChannelPatch,
  type ChannelWithSecret,
  defaultEvents,
  type NewChannel,
  targetFault,
} from '../../shared/api/channel.ts'
import type { Delivery } from '../../shared/api/delivery.ts'
import type { Sql } from '../../shared/db/connect.ts'
import { AppError } from '../../shared/errors.ts'
import { webhookUrlFault } from '../../shared/public-address.ts'
import { type Change, transact, type WriteDeps } from '../change.ts'
import type { Deps } from '../deps.ts'
import { notFound } from '../mount.ts'
import { requireVersion } from '../precondition.ts'
import { refuse } from '../validate.ts'
import {
  type ChannelColumns,
  countChannels,
  deleteChannel,
  ensureUnsubscribeToken,
  findChannel,
  insertChannel,
  type Locked,
  liftUnsubscription,
  lockChannel,
  releaseDevice,
  requestTest,
  updateChannel,
  updateSecret,
} from './repository.ts'

type ChannelDeps = WriteDeps & Pick<Deps, 'notifications'>

/** More would make one change of a task into a flood. */
const mostChannels = 50

export async function createChannel(
  deps: ChannelDeps,
  change: Change,
  input: NewChannel,
): Promise<ChannelWithSecret> {
  const { userId } = change
  const target = input.target ?? 'local'
  refuseTarget(deps, input.kind, target)
  const secret = input.kind === 'webhook' ? newSecret() : null
  const row = {
    kind: input.kind,
    target,
    name: input.name?.trim() ?? null,
    events: input.events ?? defaultEvents[input.kind],
    isActive: input.is_active ?? true,
    secret: secret === null ? null : sealed(deps, secret, userId),
  }
  return transact(deps, change, async (sql) => {
    if ((await countChannels(sql, userId)) >= mostChannels) {
      throw new AppError('conflict', `There are ${mostChannels} channels already.`, {
        hint: 'Delete one that is not used any more.',
        reason: 'too_many_channels',
      })
    }
    const id = await insertChannel(sql, userId, row)
    await prepareTarget(sql, userId, input.kind, target)
    const channel = (await findChannel(sql, userId, id))!
    return secret === null ? channel : { ...channel, secret }
  })
}

export async function patchChannel(
  deps: ChannelDeps,
  change: Change,
  id: number,
  patch: ChannelPatch,
): Promise<Channel> {
  const { userId } = change
  return transact(deps, change, async (sql) => {
    const before = await lock(sql, change, id)
    const columns = columnsOf(before.kind, patch)
    if (patch.target !== undefined) {
      refuseTarget(deps, before.kind, patch.target)
      await prepareTarget(sql, userId, before.kind, patch.target)
    }
    if (patch.is_active === true && before.kind === 'email') {
      await liftUnsubscription(sql, userId, patch.target ?? before.target)
    }
    if (Object.keys(columns).length > 0) await updateChannel(sql, id, columns)
    return (await findChannel(sql, userId, id))!
  })
}

export async function rotateSecret(
  deps: ChannelDeps,
  change: Change,
  id: number,
): Promise<ChannelWithSecret> {
  const { userId } = change
  const secret = newSecret()
  return transact(deps, change, async (sql) => {
    const { kind } = await lock(sql, change, id)
    if (kind !== 'webhook') {
      throw new AppError('conflict', `A channel for ${kind} has no secret.`, {
        hint: 'Only webhooks are signed.',
      })
    }
    await updateSecret(sql, id, sealed(deps, secret, userId))
    return { ...(await findChannel(sql, userId, id))!, secret }
  })
}

export async function removeChannel(deps: ChannelDeps, change: Change, id: number): Promise<void> {
  await transact(deps, change, async (sql) => {
    await lock(sql, change, id)
    await deleteChannel(sql, change.userId, id)
  })
}

/** Works on a channel that is switched off too: that is how one finds out whether it would work again. */
export async function testChannel(deps: ChannelDeps, change: Change, id: number): Promise<Delivery> {
  const { userId, within } = change
  const channel = await findChannel(deps.db, userId, id)
  if (channel === undefined) throw notFound(`Channel ${id}`)
  const deliveryId = await requestTest(within ?? deps.db, userId, id)
  deps.notifications?.onRequest?.()
  const now = new Date().toISOString()
  return {
    id: deliveryId,
    event_id: `test-${deliveryId}`,
    event_type: 'notification.send',
    task_id: null,
    channel_id: id,
    kind: channel.kind,
    target: channel.target,
    status: 'queued',
    attempts: [],
    next_attempt_at: now,
    reason: null,
    created_at: now,
    updated_at: now,
  }
}

async function lock(sql: Sql, { userId, ifMatch }: Change, id: number): Promise<Locked> {
  const row = await lockChannel(sql, userId, id)
  const channel = await findChannel(sql, userId, id)
  if (row === undefined || channel === undefined) throw notFound(`Channel ${id}`)
  requireVersion(ifMatch, channel.version)
  return row
}

/** A cleared field gets its default. */
function columnsOf(kind: ChannelKind, patch: ChannelPatch): ChannelColumns {
  const columns: ChannelColumns = {}
  if (patch.target !== undefined) columns.target = patch.target
  if (patch.name !== undefined) columns.name = patch.name?.trim() ?? null
  if (patch.events !== undefined) columns.events = patch.events ?? defaultEvents[kind]
  if (patch.is_active !== undefined)
    Object.assign(columns, { is_active: patch.is_active, disabled_reason: null })
  return columns
}

function refuseTarget(deps: ChannelDeps, kind: ChannelKind, target: string): void {
  const malformed = targetFault(kind, target)
  if (malformed !== null) refuse([{ pointer: '/target', code: 'invalid', message: malformed }])
  if (kind !== 'webhook') return
  const fault = webhookUrlFault(target, deps.notifications?.allowPrivateWebhooks ?? false)
  if (fault === null) return
  throw new AppError('invalid', `target ${fault}.`, {
    hint: 'Give a public https address. For development, WEBHOOK_ALLOW_PRIVATE=1 lets a service use http and its own network.',
    fields: [{ pointer: '/target', code: 'invalid', message: fault }],
  })
}

async function prepareTarget(sql: Sql, userId: string, kind: ChannelKind, target: string): Promise<void> {
  if (kind === 'push') await releaseDevice(sql, userId, target)
  if (kind === 'email') {
    await ensureUnsubscribeToken(sql, userId, target, randomBytes(32).toString('base64url'))
  }
}

const sealed = ({ notifications }: ChannelDeps, secret: string, userId: string): string =>
  notifications?.secrets?.seal(secret, userId) ?? secret

/** Standard Webhooks asks for 24 to 64 random bytes. */
const newSecret = () => `whsec_${randomBytes(32).toString('base64')}`
