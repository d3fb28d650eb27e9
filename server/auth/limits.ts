import { AppError } from '../../shared/errors.ts'
import { networkOf } from './address.ts'
import { createWindow, type Window } from './window.ts'

/** A sign-in or a registration per address may happen this many times as often as a failed sign-in. */
const addressFactor = 10

/**
 * Tried on which account (by name, whether it exists or not) and from where. `isKnown`: its owner has signed in from
 * this address before, so failures from elsewhere do not matter.
 */
export type Attempt = { account: string; address: string | null; isKnown: boolean }

export type Limits = {
  /** Counts one request of a user. Throws `rate_limited`. */
  request(userId: string): { limit: number; left: number; resetSec: number } | null
  /** Counts one sign-in or registration from an address. Throws `rate_limited`. */
  fromAddress(address: string | null): void
  /** Refresh tokens from an address that were none. `check` throws `rate_limited` when there were too many. */
  failedToken: { check(address: string | null): void; count(address: string | null): void }
  /**
   * Runs `check` unless the account has failed too often, and counts when it is wrong again. Never more run at once
   * than may still fail, so a parallel burst gains nothing.
   */
  attempt<T extends { right: boolean }>(attempt: Attempt, check: () => Promise<T>): Promise<T>
}

/**
 * Limits in this process's memory: with n replicas an attacker has n times as many tries, which argon2 and the cap on
 * it make harmless, and no sign-in hangs on another store. `now` in milliseconds.
 */
export function createLimits(settings: {
  /** Requests a minute of one user; 0 = off. */
  requests: number
  /** Failed sign-ins a minute of one account from one address; 0 = off. */
  signIns: number
  now?: () => number
}): Limits {
  const { requests, signIns, now } = settings
  const perUser = createWindow(requests, now)
  const perAddress = createWindow(signIns * addressFactor, now)
  const refused = createWindow(signIns * addressFactor, now)
  const pairs = createWindow(signIns, now)
  const accounts = createWindow(signIns * addressFactor, now)
  const queues = new Map<string, Queue>()

  const throwIf = (waitSec: number) => {
    if (waitSec > 0) throw limited(waitSec)
  }

  return {
    request: (userId) => {
      if (requests === 0) return null
      const { waitSec, left, resetSec } = perUser.take(userId)
      throwIf(waitSec)
      return { limit: requests, left, resetSec }
    },
    fromAddress: (address) => {
      if (signIns > 0) throwIf(perAddress.take(networkOf(address)).waitSec)
    },
    failedToken: {
      check: (address) => {
        if (signIns > 0) throwIf(refused.wait(networkOf(address)))
      },
      count: (address) => {
        if (signIns > 0) refused.add(networkOf(address))
      },
    },
    attempt: async ({ account, address, isKnown }, check) => {
      if (signIns === 0) return check()
      const pair = `${account} ${networkOf(address)}`
      const free = await takeTurn(queues, pair, pairs)
      try {
        throwIf(pairs.wait(pair))
        if (!isKnown) throwIf(accounts.wait(account))
        const result = await check()
        if (!result.right) {
          pairs.add(pair)
          accounts.add(account)
        }
        return result
      } finally {
        free()
      }
    },
  }
}

type Queue = { running: number; waiting: (() => void)[] }

/** Waits until fewer attempts of this pair are under way than may still fail. */
async function takeTurn(queues: Map<string, Queue>, pair: string, window: Window): Promise<() => void> {
  const queue = queues.get(pair) ?? { running: 0, waiting: [] }
  queues.set(pair, queue)
  while (queue.running > 0 && queue.running >= window.left(pair)) {
    await new Promise<void>((resolve) => queue.waiting.push(resolve))
  }
  queue.running += 1
  return () => {
    queue.running -= 1
    const waiting = queue.waiting.splice(0)
    for (const wake of waiting) wake()
    if (queue.running === 0 && waiting.length === 0) queues.delete(pair)
  }
}

const limited = (waitSec: number) =>
  new AppError('rate_limited', 'Too many requests in a minute.', {
    hint: `Try again in ${waitSec} second${waitSec === 1 ? '' : 's'}.`,
    retryAfterSec: waitSec,
  })
