import type { Context } from 'hono'

/** What every answer carries. The cache may keep an answer with an ETag, if it asks each time whether it is still true. */
export function standardHeaders(c: Context, isHttps = false, hasEtag = false): Record<string, string> {
  const headers: Record<string, string> = {
    'x-request-id': c.get('requestId'),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    vary: 'Authorization',
    'cache-control': hasEtag ? 'private, no-cache' : 'no-store',
  }
  const rate = c.get('rate')
  if (rate !== undefined) {
    headers['ratelimit-policy'] = `"user";q=${rate.limit};w=60`
    headers.ratelimit = `"user";r=${rate.left};t=${rate.resetSec}`
  }
  if (isHttps) headers['strict-transport-security'] = 'max-age=31536000'
  return headers
}
