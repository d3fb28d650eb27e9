import { hostname } from 'node:os'
import type { ChannelKind } from '../../shared/api/channel.ts'
import type { ProvidersConfig } from '../../shared/config/services.ts'
import { createSecretBox } from '../../shared/secret-box.ts'
import type { Sender } from '../outcome.ts'
import { readServiceAccount } from './service-account.ts'

export type Channels = {
  /** Null = not set up here: such deliveries are suppressed and say so. */
  senders: Record<ChannelKind, Sender | null>
  /** Ends open connections. */
  close(): Promise<void>
}

/** A sender that is loaded with its libraries at its first message; many a notifier never needs most of them. */
type Loaded = { sender: Pick<Sender, 'send'>; close?: () => unknown }

/**
 * The ways out that the settings allow; SendGrid comes before SMTP. `desktop` is for where people sit at the machine.
 * Throws when a setting cannot be used.
 */
export function createChannels(config: ProvidersConfig, { desktop }: { desktop: boolean }): Channels {
  const loaded: Promise<Loaded>[] = []
  const lazy = (concurrency: number, load: () => Promise<Loaded>): Sender => {
    let loading: Promise<Loaded> | null = null
    return {
      concurrency,
      async send(message, signal) {
        if (loading === null) {
          loading = load()
          loaded.push(loading)
        }
        return (await loading).sender.send(message, signal)
      },
    }
  }
  const { fcm, sendgrid, smtpUrl } = config
  const account = fcm.serviceAccount === null ? null : readServiceAccount(fcm.serviceAccount)
  const senders = {
    webhook: lazy(8, () => loadWebhook(config)),
    email:
      sendgrid.apiKey !== null || smtpUrl !== null
        ? lazy(sendgrid.apiKey ? 16 : 4, () => loadEmail(config))
        : null,
    push:
      account &&
      lazy(32, async () => {
        const { createPush } = await import('./push.ts')
        const sender = createPush({ account, baseUrl: fcm.baseUrl })
        return { sender, close: sender.close }
      }),
    desktop: desktop
      ? lazy(1, async () => ({ sender: (await import('./desktop.ts')).createDesktop() }))
      : null,
  } satisfies Record<ChannelKind, Sender | null>
  return {
    senders,
    async close() {
      for (const one of await Promise.allSettled(loaded)) {
        if (one.status === 'fulfilled') await one.value.close?.()
      }
    },
  }
}

async function loadWebhook({
  webhookAllowPrivate: allowPrivate,
  secretKeys,
}: ProvidersConfig): Promise<Loaded> {
  const { createWebhookAgent } = await import('./guard.ts')
  const { createWebhook } = await import('./webhook.ts')
  const agent = createWebhookAgent({ allowPrivate })
  return {
    sender: createWebhook({ agent, allowPrivate, secrets: createSecretBox(secretKeys) }),
    close: () => agent.destroy(),
  }
}

async function loadEmail({ sendgrid, smtpUrl, mailFrom, publicUrl }: ProvidersConfig): Promise<Loaded> {
  const { createEmail } = await import('./email.ts')
  const from = mailFrom ?? defaultFrom(publicUrl)
  if (sendgrid.apiKey !== null) {
    const { createSendGrid } = await import('./sendgrid.ts')
    const transport = createSendGrid({ apiKey: sendgrid.apiKey, baseUrl: sendgrid.baseUrl })
    return { sender: createEmail({ transport, from, publicUrl }), close: transport.close }
  }
  const { createSmtp } = await import('./smtp.ts')
  const transport = createSmtp(smtpUrl!)
  return { sender: createEmail({ transport, from, publicUrl }), close: transport.close }
}

function defaultFrom(publicUrl: string | null): string {
  const host = publicUrl === null ? null : URL.parse(publicUrl)?.hostname
  return `todo <todo@${host || hostname()}>`
}
