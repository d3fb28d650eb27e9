import type { Verb } from '../../command.ts'
import { daemonStatus } from '../../daemon.ts'

export const status: Verb = {
  summary: 'Show whether the local service runs',
  usage: '',
  examples: [['todo daemon status --json', 'pid, socket, version, started_at']],
  run: async ({ paths, out }) => {
    const state = await daemonStatus(paths)
    if (state === null) {
      out.value(null, '')
      out.note('Not running; the next command starts it.\n')
      return undefined
    }
    const { pid, socket, version, started_at } = state
    out.value(
      { pid, socket, version, started_at },
      `Running since ${started_at} as process ${pid}, on ${socket}.\n`,
    )
    return undefined
  },
}
