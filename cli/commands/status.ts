import type { Verb } from '../command.ts'
import { daemonStatus } from '../daemon.ts'

export const status: Verb = {
  summary: 'Whether client, local service and server are well, in a line',
  usage: '',
  examples: [
    ['todo status', 'one line; starts nothing'],
    ['todo status --json', 'for scripts'],
  ],
  run: async ({ out, paths, send, version }) => {
    const daemon = await daemonStatus(paths)
    if (daemon === null) {
      out.value(
        { client: { version }, daemon: null, server: null },
        `todo ${version} · local service not running (the next command starts it)\n`,
      )
      return undefined
    }
    const started = performance.now()
    const answer = await send({ method: 'GET', path: '/readyz', headers: {}, body: null })
    const ms = Math.round(performance.now() - started)
    const isReady = answer.status === 200
    const { pid, version: daemonVersion, started_at } = daemon
    out.value(
      {
        client: { version },
        daemon: { pid, version: daemonVersion, started_at },
        server: { status: isReady ? 'ready' : 'unavailable', ms },
      },
      `todo ${version} · local service ${daemonVersion} running since ${started_at} (${pid}) · ${isReady ? `ready in ${ms} ms` : 'database away'}\n`,
    )
    return isReady ? undefined : 6
  },
}
