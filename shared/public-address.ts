import { BlockList, isIP, isIPv4 } from 'node:net'

// Source of the ranges: the IANA special-purpose address registries. Documentation ranges are not routed, so they
// need no place here.
const inner = new BlockList()
const v4: [string, number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
]
for (const [net, bits] of v4) inner.addSubnet(net, bits, 'ipv4')

const global6 = new BlockList()
global6.addSubnet('2000::', 3, 'ipv6')
/** Inside the global range, yet they name no host of the internet by themselves: Teredo and ORCHID. */
const odd6 = new BlockList()
odd6.addSubnet('2001::', 32, 'ipv6')
odd6.addSubnet('2001:10::', 28, 'ipv6')
odd6.addSubnet('2001:20::', 28, 'ipv6')

/** Eight groups of a literal IPv6 address without zone. */
function groupsOf(address: string): number[] {
  const text = new URL(`http://[${address}]/`).hostname.slice(1, -1)
  const [head, tail] = text.split('::') as [string, string | undefined]
  const parse = (part: string) =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16))
  if (tail === undefined) return parse(head)
  const [first, last] = [parse(head), parse(tail)]
  return [...first, ...Array<number>(8 - first.length - last.length).fill(0), ...last]
}

/** The IPv4 address that an IPv6 address only wraps (mapped, compatible, translated by NAT64, 6to4), or null. */
function wrapped(address: string): string | null {
  const g = groupsOf(address)
  const dotted = (high: number, low: number) => [high >> 8, high & 255, low >> 8, low & 255].join('.')
  const startsWith = (...groups: number[]) => groups.every((group, n) => g[n] === group)
  if (startsWith(0x2002)) return dotted(g[1]!, g[2]!)
  const ends =
    startsWith(0, 0, 0, 0, 0, 0xffff) || startsWith(0, 0, 0, 0, 0, 0) || startsWith(0, 0, 0, 0, 0xffff, 0)
  if (ends || startsWith(0x64, 0xff9b, 0, 0, 0, 0)) return dotted(g[6]!, g[7]!)
  return null
}

/**
 * Whether an IP address belongs to the internet at large: not to this machine, its network, its cloud's metadata
 * service or a group of hosts. IPv6 forms of such IPv4 addresses are looked through.
 */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !inner.check(address, 'ipv4')
  // A zone (`fe80::1%eth0`) only makes sense on this network.
  if (isIP(address) !== 6 || address.includes('%')) return false
  const v4 = wrapped(address)
  if (v4 !== null) return !inner.check(v4, 'ipv4')
  return global6.check(address, 'ipv6') && !odd6.check(address, 'ipv6')
}

/**
 * Null when a webhook may go to `text`, else what is wrong with it. Names are not resolved: where they lead is
 * checked at each connection. URL parsing unfolds decimal, octal and hexadecimal spellings of an address.
 */
export function webhookUrlFault(text: string, allowPrivate: boolean): string | null {
  const url = URL.parse(text)
  if (url === null) return 'is not a URL'
  if (url.protocol !== 'https:' && !(allowPrivate && url.protocol === 'http:')) return 'is not an https URL'
  if (url.username !== '' || url.password !== '') return 'contains a user name or password'
  if (allowPrivate) return null
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) !== 0 && !isPublicAddress(host)) return 'is an address inside a private network'
  return null
}
