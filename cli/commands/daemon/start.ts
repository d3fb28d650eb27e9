import type { Verb } from '../../command.ts'
import { connectDaemon, readDaemonState } from '../../daemon.ts'

export const start: Verb = {
  summary: 'Start the local service now',
  usage: '',
  examples: [['todo daemon start', 'commands do it by themselves, too']],
  run: async ({ config, paths, version, out }) => {
    const socket = await connectDaemon({ config, paths, version })
    socket.destroy()
    const state = readDaemonState(paths)
    out.value(state, `Running as process ${state?.pid}.\n`)
    return undefined
  },
}
