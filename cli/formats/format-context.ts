import { createHash } from 'node:crypto'
import type { Context } from '../context.ts'
import { zoneName } from '../dates/zone.ts'
import type { FormatContext } from './format.ts'

export function formatContext({ now, timeZone }: Pick<Context, 'now' | 'timeZone'>): FormatContext {
  return { now: now(), timeZone: timeZone(), zone: zoneName(timeZone()), uid: uidOf }
}

/** A UUID made of what something says (version 8 of RFC 9562). Its variant digit is none of those of own uids. */
function uidOf(...parts: string[]): string {
  const hash = createHash('sha256').update(JSON.stringify(parts)).digest('hex')
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-a${hash.slice(17, 20)}-${hash.slice(20, 32)}`
}
