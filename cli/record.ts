import { tracingConfig } from '../shared/config/services.ts'
import { environment } from '../shared/config.ts'
import { createTracing } from '../shared/tracing.ts'

// A bundle of its own: what records and sends spans is for the few who ask for it.

export type Recorder = {
  call<R extends { status: number }>(
    request: { method: string; path: string },
    call: (traceparent: string) => Promise<R>,
  ): Promise<R>
  end(name: string): Promise<void>
}

/** Records one command with its requests. Its words are the user's own and are not told, only its name. */
export function createRecorder(version: string): Recorder {
  const tracing = createTracing({
    ...tracingConfig(environment()),
    service: 'todo-cli',
    version,
    log: null,
    endMs: 1_000,
  })
  const root = tracing.begin('todo', { kind: 'internal', parent: null })
  return {
    call: async (request, call) => {
      const span = tracing.begin(request.method, {
        kind: 'client',
        parent: root.traceparent,
        attributes: { 'http.request.method': request.method },
      })
      try {
        const response = await call(span.traceparent ?? '')
        span.end({
          attributes: { 'http.response.status_code': response.status },
          error: response.status >= 400 ? `answered ${response.status}` : undefined,
        })
        return response
      } catch (error) {
        span.end({ error: error instanceof Error ? error.name : 'error' })
        throw error
      }
    },
    end: async (name) => {
      root.end({ name: `todo ${name}` })
      await tracing.close()
    },
  }
}
