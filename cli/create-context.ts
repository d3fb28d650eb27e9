import { createApi } from '../shared/api-client.ts'
import { type CliConfig, homePaths as pathsOf } from '../shared/config.ts'
import type { Context, GlobalFlags } from './context.ts'
import { connectDaemon } from './daemon.ts'
import { localZone } from './dates/zone.ts'
import { usage } from './errors.ts'
import { createSocketClient } from './http.ts'
import { createOut } from './output.ts'
import type { Terminal } from './terminal.ts'

const defaultTimeoutSec = 10

/** How requests reach the service. */
export type Connection = Pick<Context, 'send' | 'open'>

/** Everything a command works with; `close` ends the connection so that the process can end. */
export function createContext(
  terminal: Terminal,
  version: string,
  config: CliConfig,
  flags: GlobalFlags,
  connection?: Connection,
): Context & { close: () => void } {
  const paths = pathsOf(config)
  const timeZone = () => localZone
  const now = () => nowOf(config)
  const time = {
    get now() {
      return now()
    },
    get timeZone() {
      return timeZone()
    },
  }
  const client = connection
    ? { ...connection, close: () => {} }
    : createSocketClient(() => connectDaemon({ config, paths, version }), timeoutMs(flags))
  return {
    flags,
    config,
    paths,
    terminal,
    out: createOut(terminal, config, flags, time),
    api: createApi(client.send),
    send: client.send,
    open: client.open,
    version,
    now,
    timeZone,
    close: client.close,
  }
}

/** TODO_NOW moves date words, so that scripts and tests can be about a day that they choose. */
function nowOf(config: CliConfig): Date {
  if (config.now === null) return new Date()
  const now = new Date(config.now)
  if (Number.isNaN(now.getTime())) {
    throw usage(
      `TODO_NOW is ${JSON.stringify(config.now)}, which is no time.`,
      'Write it like 2026-12-01T09:00:00Z.',
    )
  }
  return now
}

function timeoutMs({ timeout }: GlobalFlags): number {
  const seconds = timeout === undefined ? defaultTimeoutSec : Number(timeout)
  if (seconds > 0 && seconds <= 86_400) return seconds * 1000
  throw usage(`--timeout ${timeout} is no number of seconds.`, 'Write it like --timeout 30.')
}
