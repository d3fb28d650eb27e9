import { BlockList, isIP } from 'node:net'
import type { Context } from 'hono'

/** Proxies that may speak for others: addresses and networks, `10.0.0.0/8`. */
export function proxyList(networks: readonly string[]): BlockList {
  const list = new BlockList()
  for (const network of networks) {
    const [address, bits] = network.split('/') as [string, string | undefined]
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  return list
}

type Connection = { incoming?: { socket?: { remoteAddress?: string } } }

/**
 * Where a request comes from: the peer, or, when that is one of our proxies, the nearest address in X-Forwarded-For
 * that is not. Everything left of that one could have been written by the caller. Null on a Unix socket.
 */
export function addressOf(c: Context, proxies: BlockList): string | null {
  const peer = (c.env as Connection | undefined)?.incoming?.socket?.remoteAddress
  let address = clean(peer)
  if (address === null) return null
  const forwarded = (c.req.header('x-forwarded-for') ?? '').split(',').reverse()
  for (const hop of forwarded) {
    if (!isListed(proxies, address)) return address
    const before = clean(hop.trim())
    if (before === null) return address
    address = before
  }
  return address
}

export const isListed = (list: BlockList, address: string): boolean =>
  list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')

/** IPv4 in its own form although the socket speaks both; null for what is no address. */
function clean(text: string | undefined): string | null {
  const address = (text ?? '').replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '')
  return isIP(address) === 0 ? null : address
}

/** What limits count: whoever has one IPv6 address usually has the whole /64. */
export function networkOf(address: string | null): string {
  if (address === null) return 'local'
  if (isIP(address) !== 6) return address
  const [head = '', tail] = address.split('::') as [string, string | undefined]
  const left = head.split(':').filter((group) => group !== '')
  const right = (tail ?? '').split(':').filter((group) => group !== '')
  const middle =
    tail === undefined ? [] : Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0')
  return [...left, ...middle, ...right]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')
}
