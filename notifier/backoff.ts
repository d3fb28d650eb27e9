import type { ChannelKind } from '../shared/api/channel.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute

/** Upper limits of the waits between attempts, after the schedule that Standard Webhooks recommends: three days. */
const webhookWaits = [8, 25]
  .map((s) => s * second)
  .concat([5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour, 14 * hour, 20 * hour, 24 * hour])

/** Twelve tries in about three and a half hours; what people read is stale soon after. */
const messageWaits = Array.from({ length: 12 }, (_, n) => Math.min(hour, 2 * second * 2 ** n))

const waits: Record<ChannelKind, number[]> = {
  webhook: webhookWaits,
  email: messageWaits,
  push: messageWaits,
  desktop: [2 * second, 10 * second],
}

/** A wait of nearly nothing would hit a target that has just failed. */
const shortest = 500
/** Who asks for more than a day is told again by then. */
const longest = 24 * hour

/**
 * Milliseconds until the next attempt after `tries` failed ones, with full jitter so that what failed together does
 * not come back together; a longer `Retry-After` wins. Null when it is enough.
 */
export function nextWaitMs(
  kind: ChannelKind,
  tries: number,
  asked: number | undefined,
  random: () => number,
): number | null {
  const limit = waits[kind][tries - 1]
  if (limit === undefined) return null
  const wait = shortest + random() * (limit - shortest)
  return Math.min(Math.max(wait, asked ?? 0), longest)
}
