import type { Outgoing } from '../../notifier/outcome.ts'

export const webhookSecret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`

type Changes = Partial<Omit<Outgoing, 'channel'>> & { channel?: Partial<Outgoing['channel']> }

/** A message about task 42 as the sender loop hands it to a channel. */
export const outgoing = ({ channel, ...changes }: Changes = {}): Outgoing => ({
  deliveryId: 5,
  eventId: '0b0f1c1e-0000-4000-8000-000000000001',
  eventType: 'task.due.approaching',
  taskId: 42,
  timestamp: '2026-11-21T12:00:00.000Z',
  title: 'Due in 1 day: Pay rent',
  body: 'due Sun 22 Nov 2026',
  payload: { id: 9, event_id: '0b0f1c1e-0000-4000-8000-000000000001', event_type: 'task.due.approaching' },
  expiresAt: null,
  ...changes,
  channel: {
    id: 3,
    ownerId: '3f0a1d5e-6a55-4f8e-9d55-0c6f6d5f2a11',
    target: 'ann@example.org',
    secrets: [webhookSecret],
    unsubscribeToken: 'tok',
    ...channel,
  },
})

/** A signal that ends after `ms`, as the sender loop's time-out does. */
export const within = (ms = 5_000): AbortSignal => AbortSignal.timeout(ms)
