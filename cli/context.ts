import type { Api, OpenStream, Send } from '../shared/api-client.ts'
import type { CliConfig, HomePaths } from '../shared/config.ts'
import type { Out } from './output.ts'
import type { Target } from './place.ts'
import type { Terminal } from './terminal.ts'

/** Flags that every command takes. */
export type GlobalFlags = {
  json: string | undefined
  ndjson: boolean
  csv: boolean
  quiet: boolean
  color: boolean
  yes: boolean
  input: boolean
  dryRun: boolean
  context: string | undefined
  timeout: string | undefined
  pager: boolean
  jq: string | undefined
  template: string | undefined
}

/** What a command works with. What costs time is made on first use. */
export type Context = {
  flags: GlobalFlags
  config: CliConfig
  paths: HomePaths
  terminal: Terminal
  out: Out
  api: Api
  /** For the few calls that are no JSON in, JSON out. */
  send: Send
  /** The server of this command; null is the local daemon. Throws when there is no such context. */
  target: () => Target | null
  /** A server by its address, without a token. */
  remote: (url: string) => Promise<{ send: Send }>
  /** For answers and requests that are too long to hold; see lines.ts. */
  open: OpenStream
  version: string
  /** The client's idea of now (TODO_NOW), for date words only. */
  now: () => Date
  /** The user's zone for reading and showing dates; `zoneName` of dates/zone.ts gives the name to send to others. */
  timeZone: () => string
}
