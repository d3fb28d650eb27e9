import { lookup } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { Agent, buildConnector } from 'undici'
import { isPublicAddress } from '../../shared/public-address.ts'

export const blockedCode = 'EBLOCKED'

const blocked = () =>
  Object.assign(new Error('the address is inside a private network'), { code: blockedCode })

/** Resolves names to public addresses only. One private address among many blocks the name: it is a trap. */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return callback(error, '', 0)
    if (addresses.length === 0 || !addresses.every(({ address }) => isPublicAddress(address))) {
      return callback(blocked(), '', 0)
    }
    if (options.all) return callback(null, addresses)
    callback(null, addresses[0]!.address, addresses[0]!.family)
  })
}

const connectTimeoutMs = 5_000

/**
 * Connects to the very address that it has checked, so that a name which leads elsewhere at the second look gains
 * nothing. Addresses in the URL itself are never looked up, and are checked apart.
 */
export function createWebhookAgent(
  options: { allowPrivate: boolean; lookup?: LookupFunction } = { allowPrivate: false },
): Agent {
  const settings = { timeout: connectTimeoutMs, maxCachedSessions: 100 }
  // No limit of connections for a host: endpoints of many users may share it, and those that hang would use it up.
  if (options.allowPrivate) return new Agent({ connect: settings })
  const connect = buildConnector({ ...settings, lookup: options.lookup ?? publicLookup })
  return new Agent({
    connect: (target, callback) => {
      const host = target.hostname.replace(/^\[|\]$/g, '')
      if (isIP(host) !== 0 && !isPublicAddress(host)) return callback(blocked(), null)
      connect(target, callback)
    },
  })
}
