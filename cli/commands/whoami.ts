import type { Verb } from '../command.ts'
import { escapeControls } from '../text.ts'

export const whoami: Verb = {
  summary: 'Show who you are and where',
  usage: '',
  examples: [['todo whoami --json', 'id, email, name, time_zone, created_at']],
  run: async ({ api, out, target }) => {
    const user = await api('GET /api/auth/me')
    const who = user.name === '' ? user.email : `${user.name} <${user.email}>`
    out.value(user, `${escapeControls(who)} at ${target()?.place.url ?? 'this machine'}\n`)
    return undefined
  },
}
