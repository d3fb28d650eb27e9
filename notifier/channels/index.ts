import { hostname } from 'node:os'
import { Agent } from 'undici'
import type { ChannelKind } from '../../shared/api/channel.ts'
import type { ProvidersConfig } from '../../shared/config/services.ts'
import type { Sender } from '../outcome.ts'
import { createDesktop } from './desktop.ts'
import { createEmail, type MailTransport } from './email.ts'
import { readServiceAccount } from './google-token.ts'
import { createWebhookAgent } from './guard.ts'
import { createPush } from './push.ts'
import { createSendGrid } from './sendgrid.ts'
import { createSmtp } from './smtp.ts'
import { createWebhook } from './webhook.ts'

export type Channels = {
  /** Null = not set up here: such deliveries are suppressed and say so. */
  senders: Record<ChannelKind, Sender | null>
  /** Ends open connections. */
  close(): Promise<void>
}

/**
 * The ways out that the settings allow; SendGrid comes before SMTP. `desktop` is for where people sit at the machine.
 * Throws when a setting cannot be used.
 */
export function createChannels(config: ProvidersConfig, { desktop }: { desktop: boolean }): Channels {
  const agent = new Agent({ connections: 32 })
  const allowPrivate = config.webhookAllowPrivate
  const webhookAgent = createWebhookAgent({ allowPrivate })
  const { apiKey, baseUrl } = config.sendgrid
  const smtp = apiKey === null && config.smtpUrl !== null ? createSmtp(config.smtpUrl) : null
  const transport: MailTransport | null = apiKey === null ? smtp : createSendGrid({ apiKey, baseUrl, agent })
  const from = config.mailFrom ?? defaultFrom(config.publicUrl)
  const senders = {
    webhook: createWebhook({ agent: webhookAgent, allowPrivate }),
    email: transport && createEmail({ transport, from, publicUrl: config.publicUrl }),
    push: createPushOf(config, agent),
    desktop: desktop ? createDesktop() : null,
  } satisfies Record<ChannelKind, Sender | null>
  return {
    senders,
    async close() {
      smtp?.close()
      await Promise.allSettled([agent.destroy(), webhookAgent.destroy()])
    },
  }
}

function createPushOf({ fcm }: ProvidersConfig, agent: Agent): Sender | null {
  if (fcm.serviceAccount === null) return null
  return createPush({ account: readServiceAccount(fcm.serviceAccount), baseUrl: fcm.baseUrl, agent })
}

function defaultFrom(publicUrl: string | null): string {
  const host = publicUrl === null ? null : URL.parse(publicUrl)?.hostname
  return `todo <todo@${host || hostname()}>`
}
