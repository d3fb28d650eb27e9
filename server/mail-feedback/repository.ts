import type { Sql } from '../../shared/db/connect.ts'
import { stopMail } from '../unsubscribe/repository.ts'

export type Feedback = {
  id: string
  event: string
  email: string
  deliveryId: number | null
  reason: string | null
  /** What becomes of the address: nothing, no more mail from this user, or no more mail at all. */
  verdict: 'none' | 'unsubscribed' | 'bounced' | 'spam_report'
}

/** Records one report; a repeated one changes nothing. */
export async function recordFeedback(sql: Sql, feedback: Feedback): Promise<void> {
  const [fresh] = await sql`
    insert into mail_feedback (id, delivery_id, event, reason)
    values (${feedback.id}, ${feedback.deliveryId}, ${feedback.event}, ${feedback.reason})
    on conflict do nothing returning id`
  if (fresh === undefined || feedback.verdict === 'none') return
  if (feedback.verdict === 'unsubscribed') {
    const [delivery] = await sql<{ user_id: string }[]>`
      select user_id from deliveries where id = ${feedback.deliveryId}`
    if (delivery) await stopMail(sql, delivery.user_id, feedback.email)
    return
  }
  await sql`
    insert into mail_suppressions (address, reason) values (lower(${feedback.email}), ${feedback.verdict})
    on conflict (address) where user_id is null do nothing`
}
