import type { Socket } from 'node:net'
import { createApi, type HttpRequest, type StreamRequest } from '../shared/api-client.ts'
import { type CliConfig, homePaths } from '../shared/config.ts'
import type { Context, GlobalFlags } from './context.ts'
import { connectDaemon, type DaemonOptions } from './daemon.ts'
import { localZone } from './dates/zone.ts'
import { usage } from './errors.ts'
import { createSocketClient } from './http.ts'
import { createOut } from './output.ts'
import { findTarget } from './place.ts'
import { lookUp, readSettings } from './settings.ts'
import type { Terminal } from './terminal.ts'
import { createTrace } from './trace.ts'
import { whileWaiting } from './waiting.ts'

const defaultTimeoutSec = 10

/** How requests reach the service. */
export type Connection = Pick<Context, 'send' | 'open'>

/** The program and its folders; `ahead` is a connection to the daemon that is there already. */
export type Place = DaemonOptions & { ahead?: Socket | null }

export function placeOf(config: CliConfig, version: string): Place {
  return { config, paths: homePaths(config), version }
}

/** Everything a command works with; `close` ends the connection so that the process can end. */
export function createContext(
  terminal: Terminal,
  place: Place,
  flags: GlobalFlags,
  connection?: Connection,
): Context & { close: (name: string) => Promise<void> } {
  const { config, paths, version } = place
  const timeZone = () => localZone
  const now = () => nowOf(config)
  const time = {
    get now() {
      return now()
    },
    get timeZone() {
      return timeZone()
    },
    get accessible() {
      return config.accessible || lookUp(readSettings(paths), 'accessible') === true
    },
  }
  const own = createClient(terminal, place, flags)
  // Of another command's context only the way to the service is taken.
  const client = connection ? { ...own, send: connection.send, open: connection.open } : own
  return {
    flags,
    config,
    paths,
    terminal,
    out: createOut(terminal, config, flags, time),
    api: createApi(client.send),
    ...client,
    version,
    now,
    timeZone,
  }
}

/** The local daemon or a server, found and loaded by the first request. */
function createClient(terminal: Terminal, place: Place, flags: GlobalFlags) {
  const { config, paths, version, ahead } = place
  const limitMs = timeoutMs(flags)
  const socket = createSocketClient(() => connectDaemon(place), limitMs, ahead)
  const opened: { close: () => void }[] = [socket]
  const target = () => findTarget(config, paths, flags.context)
  const remote = async (url: string) => {
    const { createRemoteClient } = await import('./remote.ts')
    const client = createRemoteClient(url, limitMs, version)
    opened.push(client)
    return client
  }
  const connect = async (): Promise<Connection> => {
    const found = target()
    if (found === null) return socket
    const [{ signed }, { send, open }] = await Promise.all([import('./session.ts'), remote(found.place.url)])
    return { send: signed(send, send, found, paths), open: signed(open, send, found, paths) }
  }
  const trace = createTrace(config, version)
  let connected: Promise<Connection> | undefined
  const connection = () => (connected ??= connect())
  const waitedFor = () => target()?.place.url ?? 'the local service'
  return {
    target,
    remote,
    send: (request: HttpRequest) =>
      whileWaiting(terminal, waitedFor, () =>
        trace.call(request, async (traced) => (await connection()).send(traced)),
      ),
    // What streams in says itself how far it is.
    open: (request: StreamRequest) => {
      const begin = () => trace.call(request, async (traced) => (await connection()).open(traced))
      return request.method === 'GET' ? whileWaiting(terminal, waitedFor, begin) : begin()
    },
    close: async (name: string) => {
      for (const client of opened) client.close()
      await trace.end(name)
    },
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
