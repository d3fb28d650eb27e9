import { AppError } from '../errors.ts'
import type { StateStore } from '../ports.ts'
import type { GuardedClient } from './client.ts'
import { stateStoreName } from './names.ts'

/**
 * The state store through the sidecar. Every failure throws, also while the store is away; a caller treats that as
 * "unknown" and goes on without the cache, claim or throttle that it wanted. `observe` hears the milliseconds of each
 * operation.
 */
export function createDaprState(
  client: GuardedClient,
  options: { store?: string; observe?: (operation: string, ms: number, ok: boolean) => void } = {},
): StateStore {
  const { store = stateStoreName, observe = () => {} } = options
  const timed = async <T>(operation: string, work: () => Promise<T>): Promise<T> => {
    const began = performance.now()
    let ok = false
    try {
      const result = await work()
      ok = true
      return result
    } finally {
      observe(operation, performance.now() - began, ok)
    }
  }
  const save = (what: string, key: string, value: string, ttlSec: number, firstWrite: boolean) =>
    client.call(what, async (dapr) => {
      const { StateConcurrencyEnum, StateConsistencyEnum } = await import('@dapr/dapr')
      const metadata = { ttlInSeconds: String(ttlSec) }
      // An etag that no stored value has, with first-write, is how Redis is told "only if absent"; without the etag the
      // conflict would be a 500.
      const behaviour = {
        concurrency: StateConcurrencyEnum.CONCURRENCY_FIRST_WRITE,
        consistency: StateConsistencyEnum.CONSISTENCY_EVENTUAL,
      }
      const absent = { etag: '0', options: behaviour }
      // The value is wrapped: the SDK answers a key that is not there with the empty string.
      return dapr.state.save(store, [{ key, value: { v: value }, metadata, ...(firstWrite ? absent : {}) }])
    })
  return {
    get: (key) =>
      timed('get', async () => {
        const found = await client.call('read state', (dapr) =>
          dapr.state.get(store, encodeURIComponent(key)),
        )
        return typeof found === 'object' && found !== null && 'v' in found ? String(found.v) : null
      }),
    put: (key, value, ttlSec) =>
      timed('put', async () => void (await save('write state', key, value, ttlSec, false))),
    putIfAbsent: (key, value, ttlSec) =>
      timed('put_if_absent', async () => {
        try {
          await save('create state', key, value, ttlSec, true)
          return true
        } catch (error) {
          if (error instanceof AppError && error.reason === 'state_conflict') return false
          throw error
        }
      }),
    delete: (key) =>
      timed('delete', async () => {
        await client.call('delete state', (dapr) => dapr.state.delete(store, encodeURIComponent(key)))
      }),
  }
}
