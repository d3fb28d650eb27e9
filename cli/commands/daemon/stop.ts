import type { Verb } from '../../command.ts'
import { stopDaemon } from '../../daemon.ts'

export const stop: Verb = {
  summary: 'Stop the local service and its database',
  usage: '',
  examples: [['todo daemon stop', 'the next command starts it again']],
  run: async ({ paths, out }) => {
    const wasRunning = await stopDaemon(paths)
    out.value({ stopped: wasRunning }, wasRunning ? 'Stopped.\n' : 'It was not running.\n')
    return undefined
  },
}
