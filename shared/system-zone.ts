import { readlinkSync } from 'node:fs'
import type { CliConfig } from './config.ts'

/**
 * The IANA name of this machine's zone. The link that every system keeps says it for nothing; to ask Intl costs a
 * process 8 MB and 5 ms for its tables, so that is for TZ (whose value may be anything) and where there is no link.
 */
export function systemZone({ timeZone }: Pick<CliConfig, 'timeZone'>): string {
  return (timeZone === null ? linkedZone() : null) ?? Intl.DateTimeFormat().resolvedOptions().timeZone
}

function linkedZone(): string | null {
  try {
    return (
      /\/zoneinfo\/(?:posix\/|right\/)?(\w+(?:\/[\w+-]+)*)$/.exec(readlinkSync('/etc/localtime'))?.[1] ?? null
    )
  } catch {
    return null
  }
}
