import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import type { Context, Hono } from 'hono'
import * as z from 'zod'
import type { Db } from '../../shared/db/connect.ts'
import { AppError } from '../../shared/errors.ts'
import { maxBodyBytes } from '../body.ts'
import { type Feedback, recordFeedback } from './repository.ts'

export const mailFeedbackPath = '/hooks/sendgrid'

/** Source: SendGrid's Event Webhook reference. `delivery_id` is the custom argument that our mails carry. */
const Report = z.object({
  sg_event_id: z.string().min(1).max(200),
  event: z.string().max(50),
  email: z.string().max(320),
  type: z.string().optional(),
  reason: z.string().optional(),
  delivery_id: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER).optional().catch(undefined),
})

/** Takes SendGrid's reports of what became of accepted mails. Without a public key there is no such address. */
export function mountMailFeedback(app: Hono, deps: { db: Db }, publicKey: string): void {
  const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' })
  app.post(mailFeedbackPath, async (c) => {
    const body = await signedBody(c, key)
    const reports = z.array(z.unknown()).max(10_000).safeParse(parse(body))
    if (!reports.success) throw new AppError('malformed', 'The body is not a list of reports.')
    await deps.db.begin(async (sql) => {
      for (const report of reports.data) {
        const known = Report.safeParse(report)
        if (known.success) await recordFeedback(sql, feedbackOf(known.data))
      }
    })
    return c.body(null, 204)
  })
}

/** The signature is ECDSA over the time stamp and the very bytes of the body. */
async function signedBody(c: Context, key: KeyObject): Promise<Buffer> {
  const signature = c.req.header('x-twilio-email-event-webhook-signature') ?? ''
  const stamp = c.req.header('x-twilio-email-event-webhook-timestamp') ?? ''
  if (Number(c.req.header('content-length') ?? 0) > maxBodyBytes)
    throw new AppError('too_large', 'The body is too large.')
  const body = Buffer.from(await c.req.arrayBuffer())
  const signed = Buffer.concat([Buffer.from(stamp), body])
  if (!verify('sha256', signed, key, Buffer.from(signature, 'base64'))) {
    throw new AppError('unauthenticated', 'The signature does not belong to this body.')
  }
  return body
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}

function feedbackOf(report: z.infer<typeof Report>): Feedback {
  return {
    id: report.sg_event_id,
    event: report.event,
    email: report.email,
    deliveryId: report.delivery_id ?? null,
    reason: report.reason?.slice(0, 500) ?? null,
    verdict: verdictOf(report.event, report.type),
  }
}

/** A block is the receiver's passing displeasure, not a dead address; a drop repeats what was known before. */
function verdictOf(event: string, type: string | undefined): Feedback['verdict'] {
  if (event === 'bounce') return type === 'blocked' ? 'none' : 'bounced'
  if (event === 'spamreport') return 'spam_report'
  return event === 'unsubscribe' || event === 'group_unsubscribe' ? 'unsubscribed' : 'none'
}
