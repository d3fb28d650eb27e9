import type { Noun } from '../../command.ts'

export const daemon: Noun = {
  summary: 'the service behind the commands on this machine; it starts by itself',
  bare: 'status',
  verbs: {
    start: async () => (await import('./start.ts')).start,
    stop: async () => (await import('./stop.ts')).stop,
    status: async () => (await import('./status.ts')).status,
    logs: async () => (await import('./logs.ts')).logs,
  },
}
