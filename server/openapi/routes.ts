import { createHash } from 'node:crypto'
import type { Context, Hono } from 'hono'
import type { Routes } from '../../shared/api/route.ts'
import { isUnchanged } from '../precondition.ts'

type Served = { json: string; html: string; policy: string; etag: string }

/** `/openapi.json` and `/docs`, made at the first request: nobody waits for them at the start. */
export function mountDescription(app: Hono, routes: Routes): void {
  let served: Promise<Served> | undefined
  const serve = () => {
    served ??= describe(routes)
    return served
  }
  app.get('/openapi.json', async (c) => {
    const { json, etag } = await serve()
    return answer(c, json, etag, { 'content-type': 'application/json' })
  })
  app.get('/docs', async (c) => {
    const { html, policy, etag } = await serve()
    const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy }
    return answer(c, html, etag, headers)
  })
}

async function describe(routes: Routes): Promise<Served> {
  const [{ buildDocument }, { renderPage, pagePolicy }] = await Promise.all([
    import('./document.ts'),
    import('./page.ts'),
  ])
  const document = buildDocument(routes)
  const json = JSON.stringify(document)
  const etag = `"${createHash('sha256').update(json).digest('base64url').slice(0, 16)}"`
  return { json, html: renderPage(document), policy: pagePolicy, etag }
}

function answer(c: Context, body: string, etag: string, headers: Record<string, string>): Response {
  const all = { ...headers, etag, 'cache-control': 'public, no-cache' }
  if (isUnchanged(c.req.header('if-none-match'), etag)) return c.newResponse(null, 304, all)
  return c.newResponse(body, 200, all)
}
