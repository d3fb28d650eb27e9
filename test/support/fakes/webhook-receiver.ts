import { createHmac, timingSafeEqual } from 'node:crypto'
import { type Behaviour, type FakeServer, type Received, startFakeServer } from './http-server.ts'

export type WebhookReceiver = FakeServer & {
  /** Decides the answers; 204 to everything at first. May be changed at any time. */
  answer: (received: Received, n: number) => Behaviour | Promise<Behaviour>
  /** The ids of the requests that were answered with 2xx, in their order. */
  accepted: string[]
}

/** An endpoint as users write them. */
export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const accepted: string[] = []
  const server = await startFakeServer(async (received, n) => {
    const behaviour = await receiver.answer(received, n)
    if (typeof behaviour === 'object' && behaviour.status < 300) {
      accepted.push(String(received.headers['webhook-id']))
    }
    return behaviour
  })
  const receiver: WebhookReceiver = { ...server, accepted, answer: () => ({ status: 204 }) }
  return receiver
}

/** What a receiver does after the Standard Webhooks specification: any good signature, and no old request. */
export function isSigned({ headers, body, at }: Received, secret: string): boolean {
  const [id, stamp] = [String(headers['webhook-id']), String(headers['webhook-timestamp'])]
  if (Math.abs(at / 1000 - Number(stamp)) > 300) return false
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  const expected = createHmac('sha256', key).update(`${id}.${stamp}.${body}`).digest()
  return String(headers['webhook-signature'])
    .split(' ')
    .some((signature) => {
      const [version, value] = signature.split(',')
      const given = Buffer.from(value ?? '', 'base64')
      return version === 'v1' && given.length === expected.length && timingSafeEqual(given, expected)
    })
}
