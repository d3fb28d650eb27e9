import type { HttpRequest, StreamRequest } from '../shared/api-client.ts'
import type { CliConfig } from '../shared/config.ts'
import type { Recorder } from './record.ts'

export type Trace = {
  /** Makes a call as part of the command's trace. */
  call<Q extends HttpRequest | StreamRequest, R extends { status: number }>(
    request: Q,
    call: (request: Q) => Promise<R>,
  ): Promise<R>
  /** The command has ended. Sends what was recorded; waits a second at most. */
  end(name: string): Promise<void>
}

/**
 * Every request of a command carries the same trace, so that what it causes can be found in the service's log. Only with
 * OTEL_EXPORTER_OTLP_ENDPOINT the client records its own part, and only then loads what that takes.
 */
export function createTrace(config: CliConfig, version: string): Trace {
  if (!config.isTraced) {
    const traceId = hex(32)
    return {
      // Flags 00: nobody has recorded the caller's part.
      call: (request, call) => call(withTrace(request, `00-${traceId}-${hex(16)}-00`)),
      end: async () => {},
    }
  }
  let recorder: Promise<Recorder> | undefined
  return {
    call: async (request, call) => {
      recorder ??= import('./record.ts').then(({ createRecorder }) => createRecorder(version))
      return (await recorder).call(request, (traceparent) => call(withTrace(request, traceparent)))
    },
    end: async (name) => (await recorder)?.end(name),
  }
}

const withTrace = <Q extends { headers: Record<string, string> }>(request: Q, traceparent: string): Q => ({
  ...request,
  headers: { traceparent, ...request.headers },
})

/** Unique, not secret; Web Crypto would cost each command 4 ms. */
function hex(length: number): string {
  let text = ''
  while (text.length < length)
    text += Math.floor(Math.random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0')
  return text
}
