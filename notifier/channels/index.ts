import { hostname } from 'node:os'
import { Agent } from 'undici'
import type { ChannelKind } from '../../shared/api/channel.ts'
import type { Sender } from '../outcome.ts'
import { createDesktop } from './desktop.ts'
import { createEmail, type MailTransport } from './email.ts'
import { readServiceAccount } from './google-token.ts'
import { createWebhookAgent } from './guard.ts'
import { createPush } from './push.ts'
import { createSendGrid } from './sendgrid.ts'
import { createSmtp } from './smtp.ts'
import { createWebhook } from './webhook.ts'

export type ChannelsConfig = {
  /** Where this product is reachable, for links in mails. */
  publicUrl: string | null
  mailFrom: string | null
  sendgrid: { apiKey: string; baseUrl: string } | null
  /** Used when there is no SendGrid. */
  smtpUrl: string | null
  /** The service account's JSON, or the path of its file. */
  fcm: { serviceAccount: string; baseUrl: string } | null
  allowPrivateWebhooks: boolean
  /** True where people sit at the machine that the notifier runs on. */
  desktop: boolean
}

export type Channels = {
  /** Null = not set up here: such deliveries are suppressed and say so. */
  senders: Record<ChannelKind, Sender | null>
  /** Ends open connections. */
  close(): Promise<void>
}

/** The ways out that the settings allow. Throws when a setting cannot be used. */
export function createChannels(config: ChannelsConfig): Channels {
  const agent = new Agent({ connections: 32 })
  const webhookAgent = createWebhookAgent({ allowPrivate: config.allowPrivateWebhooks })
  const smtp = config.sendgrid === null && config.smtpUrl !== null ? createSmtp(config.smtpUrl) : null
  const transport: MailTransport | null = config.sendgrid
    ? createSendGrid({ ...config.sendgrid, agent })
    : smtp
  const from = config.mailFrom ?? defaultFrom(config.publicUrl)
  const senders = {
    webhook: createWebhook({ agent: webhookAgent, allowPrivate: config.allowPrivateWebhooks }),
    email: transport && createEmail({ transport, from, publicUrl: config.publicUrl }),
    push:
      config.fcm &&
      createPush({
        account: readServiceAccount(config.fcm.serviceAccount),
        baseUrl: config.fcm.baseUrl,
        agent,
      }),
    desktop: config.desktop ? createDesktop() : null,
  } satisfies Record<ChannelKind, Sender | null>
  return {
    senders,
    async close() {
      smtp?.close()
      await Promise.allSettled([agent.destroy(), webhookAgent.destroy()])
    },
  }
}

function defaultFrom(publicUrl: string | null): string {
  const host = publicUrl === null ? null : URL.parse(publicUrl)?.hostname
  return `todo <todo@${host || hostname()}>`
}
