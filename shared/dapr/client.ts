import type { DaprClient } from '@dapr/dapr'
import { AppError } from '../errors.ts'

export type SidecarOptions = {
  /** The sidecar's HTTP address, e.g. `http://127.0.0.1:3500`. */
  sidecar: string
  apiToken?: string | undefined
  timeoutMs?: number
}

/** A call of the SDK that failed. `status` is the sidecar's answer, null when there was none. */
export type CallFailure = { status: number | null; message: string }

/**
 * The SDK's client behind the guards that it lacks: it is loaded on first use (half a second), a call ends in time,
 * and a failure is thrown. The SDK hands some of them back as `{ error }` instead.
 */
export type GuardedClient = {
  call<T>(what: string, work: (client: DaprClient) => Promise<T>): Promise<T>
  close(): Promise<void>
}

export function createGuardedClient({ sidecar, apiToken, timeoutMs = 2_000 }: SidecarOptions): GuardedClient {
  let loading: Promise<DaprClient> | null = null
  const load = () => {
    // A failed start is forgotten, so that the next call tries again; calls meanwhile share the one attempt.
    loading ??= startClient(sidecar, apiToken).catch((error: unknown) => {
      loading = null
      throw error
    })
    return loading
  }
  return {
    call: async (what, work) => {
      const result = await inTime(what, timeoutMs, async () => work(await load()))
      const failure = failureOf((result as { error?: unknown } | undefined)?.error)
      if (failure) throw failedCall(what, failure)
      return result
    },
    close: async () => {
      const client = await loading?.catch(() => null)
      loading = null
      await client?.stop()
    },
  }
}

async function startClient(sidecar: string, apiToken: string | undefined): Promise<DaprClient> {
  const { DaprClient } = await import('@dapr/dapr')
  const { hostname, port } = new URL(sidecar)
  const quiet = () => {}
  // Every failure reaches the caller as an error; the SDK's own lines on stdout would say it twice.
  const service = { error: quiet, warn: quiet, info: quiet, verbose: quiet, debug: quiet }
  const token = apiToken ? { daprApiToken: apiToken } : {}
  const client = new DaprClient({ daprHost: hostname, daprPort: port, logger: { service }, ...token })
  // It waits for the sidecar, for half a minute at most. Left to itself each call would wait in a loop of its own.
  await client.daprClient.start()
  return client
}

async function inTime<T>(what: string, ms: number, work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    const failure = { status: null, message: `no answer in ${ms} ms` }
    timer = setTimeout(() => reject(failedCall(what, failure)), ms)
  })
  try {
    return await Promise.race([work(), late])
  } catch (error) {
    throw error instanceof AppError ? error : failedCall(what, failureOf(error)!)
  } finally {
    clearTimeout(timer)
  }
}

/** The SDK packs the status and the sidecar's words into the message of an Error, as JSON. */
function failureOf(error: unknown): CallFailure | null {
  if (error === undefined || error === null) return null
  const text = error instanceof Error ? error.message : String(error)
  try {
    const packed = JSON.parse(text) as { status?: number; error_msg?: string; error?: string }
    return { status: packed.status ?? null, message: packed.error_msg || packed.error || text }
  } catch {
    return { status: null, message: text }
  }
}

const failedCall = (what: string, failure: CallFailure) =>
  new AppError(
    failure.status === 409 ? 'conflict' : 'unavailable',
    `The sidecar failed to ${what}: ${failure.message}`,
    {
      reason: failure.status === 409 ? 'state_conflict' : 'sidecar_failed',
    },
  )
