import type { RequestListener } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { Hono } from 'hono'
import { badRequest } from './http.ts'

/**
 * Answers with the app. What names no host (HTTP/1.0, as some balancers ask) is for this one; a host or an address
 * that cannot be read is refused in the form of every other refusal.
 */
export const requestListener = (app: Hono): RequestListener =>
  getRequestListener(app.fetch, {
    hostname: 'localhost',
    errorHandler: () => new Response(badRequest(400, 'Bad Request'), { status: 400, headers }),
  })

const headers = {
  'content-type': 'application/problem+json',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
}
