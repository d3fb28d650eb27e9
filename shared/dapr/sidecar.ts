import { request } from 'undici'
import type { GuardedClient } from './client.ts'
import { pubsubName, stateStoreName } from './names.ts'

/** What the sidecar says of itself, as far as readiness and a watchdog need it. */
export type SidecarReport = {
  reachable: boolean
  /** Components that the app needs and the sidecar has not loaded: away, or wrong credentials, or a wrong scope. */
  missing: string[]
  /** How many subscriptions it serves. Fewer than declared means that events stay on the bus. */
  subscriptions: number
}

/** True when the sidecar serves its app's calls. It sees neither an outage of Kafka nor one of Redis. */
export async function sidecarAnswers(sidecar: string, timeoutMs = 1_000): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(timeoutMs)
    const response = await request(`${sidecar}/v1.0/healthz/outbound`, { signal })
    await response.body.dump()
    return response.statusCode < 300
  } catch {
    return false
  }
}

type Metadata = { components?: { name: string }[]; subscriptions?: unknown[] }

/** Never throws: a sidecar that does not answer is a finding. */
export async function inspectSidecar(
  client: GuardedClient,
  needed: readonly string[] = [pubsubName, stateStoreName],
): Promise<SidecarReport> {
  try {
    const metadata = (await client.call('describe itself', (dapr) => dapr.metadata.get())) as Metadata
    const loaded = new Set(metadata.components?.map((component) => component.name))
    const missing = needed.filter((name) => !loaded.has(name))
    return { reachable: true, missing, subscriptions: metadata.subscriptions?.length ?? 0 }
  } catch {
    return { reachable: false, missing: [...needed], subscriptions: 0 }
  }
}
