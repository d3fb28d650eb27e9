import type { Context, Hono } from 'hono'
import type { Db } from '../../shared/db/connect.ts'
import { findSubscription, unsubscribe } from './repository.ts'

/** Where the links in mails lead: a page for people, and the one-click POST of RFC 8058 for their mail programs. */
export const unsubscribeKeys = ['GET /unsubscribe/{token}', 'POST /unsubscribe/{token}'] as const

/**
 * GET shows a button and changes nothing, because link scanners follow every link. POST works at once, without
 * cookie, login or redirect, whatever its body says, and again when it is repeated.
 */
export function mountUnsubscribe(app: Hono, deps: { db: Db }): void {
  app.get('/unsubscribe/:token', async (c) => {
    const found = await findSubscription(deps.db, c.req.param('token'))
    if (found === undefined) return page(c, 404, unknown)
    return page(c, 200, found.unsubscribed ? done : ask)
  })
  app.post('/unsubscribe/:token', async (c) => {
    const found = await unsubscribe(deps.db, c.req.param('token'))
    return found ? page(c, 200, done) : page(c, 404, unknown)
  })
}

const ask = `<h1>Stop these mails?</h1>
<p>todo will send no more mail from this account to the address that this link was sent to.</p>
<form method="post"><button name="List-Unsubscribe" value="One-Click">Unsubscribe</button></form>`

const done = `<h1>Unsubscribed</h1>
<p>todo sends no more mail from this account to this address.</p>`

const unknown = `<h1>This link is not known</h1>
<p>It may have been cut off. Open it again from the mail.</p>`

function page(c: Context, status: 200 | 404, body: string): Response {
  c.header('content-security-policy', "default-src 'none'; form-action 'self'; frame-ancestors 'none'")
  c.header('referrer-policy', 'no-referrer')
  return c.html(
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>todo</title>
<meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">${body}</html>`,
    status,
  )
}
