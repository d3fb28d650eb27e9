import { readlinkSync } from 'node:fs'
import type { Context } from './context.ts'
import { localZone, zoneName } from './dates/zone.ts'

/**
 * The user's zone by its IANA name, for the service. Asking Intl costs as much as half a start of Node, and nearly
 * every machine has the name at hand.
 */
export function sendableZone({ config, timeZone }: Pick<Context, 'config' | 'timeZone'>): string {
  const zone = timeZone()
  if (zone !== localZone) return zone
  const given = config.timeZone ?? linkedZone()
  return given !== null && /^[A-Z][A-Za-z]+(?:\/[A-Za-z0-9_+-]+)*$/.test(given) ? given : zoneName(zone)
}

function linkedZone(): string | null {
  try {
    return readlinkSync('/etc/localtime').split('zoneinfo/')[1] ?? null
  } catch {
    return null
  }
}
