import { text } from './common.ts'

/** An IANA name. A fixed offset is refused: it would stand still when the clocks of a place change. */
export const TimeZone = text(64).refine(isTimeZone, {
  error: 'is not a time zone, such as Europe/Berlin',
})

function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
