import type { Noun } from '../../command.ts'

export const notify: Noun = {
  summary: 'what was sent and when, and what you want to hear of',
  bare: 'log',
  verbs: {
    log: async () => (await import('./log.ts')).log,
    test: async () => (await import('../channel/test.ts')).test,
    replay: async () => (await import('./replay.ts')).replay,
    preferences: async () => (await import('./preferences.ts')).preferences,
    quiet: async () => (await import('./quiet.ts')).quiet,
  },
}
