import { createHash, timingSafeEqual } from 'node:crypto'
import type { Context } from 'hono'
import { AppError } from '../shared/errors.ts'
import { addressOf, isListed, proxyList } from './auth/address.ts'

export type MetricsSettings = {
  /** Who may read the figures without a token: `loopback`, `private`, `all`, addresses and networks. */
  metricsFrom: readonly string[]
  /** Demanded of everybody when it is set. */
  metricsToken: string | null
  trustedProxies: readonly string[]
}

const loopback = ['127.0.0.0/8', '::1']
const named: Record<string, readonly string[]> = {
  loopback,
  /** What no packet from the internet comes from, carriers' networks and link-local addresses included. */
  private: [
    ...loopback,
    ...['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '169.254.0.0/16'],
    ...['fc00::/7', 'fe80::/10'],
  ],
  all: ['0.0.0.0/0', '::/0'],
}

const forwardings = ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via']

/**
 * Refuses who may not read /metrics; figures tell a stranger what runs here and when nobody looks. What came through a
 * proxy that is not configured counts as coming from anywhere, since its peer's address says nothing.
 */
export function createMetricsAccess(settings: MetricsSettings): (c: Context) => void {
  const { metricsFrom, metricsToken, trustedProxies } = settings
  const allowed = proxyList(metricsFrom.flatMap((name) => named[name] ?? [name]))
  const proxies = proxyList(trustedProxies)
  const isOpen = metricsFrom.includes('all')
  return (c) => {
    if (metricsToken !== null) return demandToken(c, metricsToken)
    const address = addressOf(c, proxies)
    // A Unix socket has file permissions of its own.
    if (address === null || isOpen) return
    const isHidden = forwardings.some((name) => c.req.header(name) !== undefined) && isPeer(c, address)
    if (isHidden || !isListed(allowed, address)) throw nothingHere()
  }
}

const isPeer = (c: Context, address: string): boolean => addressOf(c, nobody) === address
const nobody = proxyList([])

function demandToken(c: Context, token: string): void {
  const given = /^Bearer +(.+)$/i.exec(c.req.header('authorization') ?? '')?.[1] ?? ''
  if (timingSafeEqual(digest(given), digest(token))) return
  throw new AppError('unauthenticated', 'These figures need a token.', {
    hint: 'Send `Authorization: Bearer` with METRICS_TOKEN.',
  })
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

const nothingHere = () =>
  new AppError('not_found', 'There is nothing here.', { hint: 'The API is described at /openapi.json.' })
