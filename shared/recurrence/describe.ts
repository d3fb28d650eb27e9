import { civilDate, dayOfWall, formatMinute, minuteOfWall, parseLocal, weekday } from './civil.ts'
import type { Cron } from './cron.ts'
import type { RRule } from './rrule.ts'
import type { Rule } from './rule.ts'

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
)
const UNITS = { daily: 'day', weekly: 'week', monthly: 'month', yearly: 'year' } as const

/** The rule in words for a person, for example "every 2 weeks on Monday and Thursday at 17:00 (Europe/Berlin)". */
export function describeRule(rule: Rule): string {
  const body =
    rule.cron !== null
      ? cronWords(rule.cron, rule.allDay)
      : rule.rrule !== null
        ? rruleWords(rule.rrule, rule)
        : simpleWords(rule)
  const anchor = rule.anchor === 'completion' && rule.pattern === 'custom' ? ', after completion' : ''
  const until = rule.until ?? rule.rrule?.until ?? null
  const end = until === null ? '' : `, until ${dateWords(until)}`
  const count = rule.count === null ? '' : `, ${rule.count === 1 ? 'once' : `${rule.count} times`}`
  return `${body}${anchor}${end}${count} (${rule.zone.name})`
}

function simpleWords({ pattern, interval, policy, anchor, start, allDay }: Rule): string {
  const unit = UNITS[pattern as keyof typeof UNITS]
  const date = civilDate(dayOfWall(start!))
  const time = allDay ? '' : ` at ${formatMinute(minuteOfWall(start!))}`
  if (anchor === 'completion')
    return `${interval} ${unit}${interval === 1 ? '' : 's'} after completion${time}`
  if (pattern === 'weekly' && interval === 1) return `every ${WEEKDAYS[weekday(dayOfWall(start!))]}${time}`
  return `${everyUnit(interval, unit)}${simpleDay()}${time}`

  function simpleDay(): string {
    if (pattern === 'weekly') return ` on ${WEEKDAYS[weekday(dayOfWall(start!))]}`
    if (pattern === 'daily') return ''
    const month = pattern === 'yearly' ? ` ${MONTHS[date.month - 1]}` : ''
    if (policy === 'last') return ` on the last day${month === '' ? '' : ` of${month}`}`
    const short = pattern === 'monthly' ? date.day > 28 : date.month === 2 && date.day === 29
    const otherwise = !short ? '' : policy === 'clamp' ? ' (or the last day)' : ' (where it exists)'
    return ` on ${month === '' ? `the ${ordinal(date.day)}` : `${date.day}${month}`}${otherwise}`
  }
}

function everyUnit(interval: number, unit: string): string {
  return interval === 1 ? `every ${unit}` : `every ${interval} ${unit}s`
}

function cronWords(cron: Cron, allDay: boolean): string {
  const days = cronDayWords(cron)
  const months =
    cron.months.length === 12 ? '' : ` in ${listed(cron.months.map((month) => MONTHS[month - 1]!))}`
  const dated = days === '' ? 'every day' : days.trim().replace(/^on every/, 'every')
  if (allDay) return `${dated}${months}`
  if (cron.subDaily) return `${subDailyWords(cron)}${days}${months}`
  return `${dated}${months} at ${clockWords(cron.times)}`
}

function subDailyWords({ minutes, hours }: Cron): string {
  const step = evenStep(minutes, 60)
  const everyMinutes = minutes.length === 60 ? 'every minute' : step === null ? null : `every ${step} minutes`
  if (hours.length === 24) return everyMinutes ?? `every hour at minute ${listed(minutes.map(String))}`
  const hourStep = evenStep(hours, 24)
  if (everyMinutes === null && hourStep !== null) {
    return `every ${hourStep} hours at minute ${listed(minutes.map(String))}`
  }
  const within = ` in hour ${ranges(hours)}`
  return `${everyMinutes ?? `at minute ${listed(minutes.map(String))}`}${within}`
}

/** The step of 0, n, 2n … when it divides the field. */
function evenStep(values: readonly number[], size: number): number | null {
  const step = values[1] ?? 0
  const even = values[0] === 0 && step > 1 && values.length * step === size
  return even && values.every((value, index) => value === index * step) ? step : null
}

function cronDayWords(cron: Cron): string {
  const dates = cron.daysOfMonth.map((day) => (day > 31 ? 'last day' : ordinal(day)))
  const byDate = cron.anyDayOfMonth ? '' : ` on the ${listed(dates)}`
  const names = [
    ...(cron.weekdays.join() === '1,2,3,4,5' ? ['weekday'] : cron.weekdays.map((day) => WEEKDAYS[day]!)),
    ...cron.nth.map(({ weekday: day, n }) => `${n > 0 ? ordinal(n) : 'last'} ${WEEKDAYS[day]} of the month`),
  ]
  const byWeekday = cron.anyWeekday
    ? ''
    : ` on every ${listed(names)}`
        .replace('on every last', 'on the last')
        .replace(/on every (\d)/, 'on the $1')
  return byDate !== '' && byWeekday !== '' ? `${byDate} and also${byWeekday}` : byDate + byWeekday
}

const FREQUENCY_UNITS = {
  YEARLY: 'year',
  MONTHLY: 'month',
  WEEKLY: 'week',
  DAILY: 'day',
  HOURLY: 'hour',
  MINUTELY: 'minute',
}

function rruleWords(rrule: RRule, rule: Rule): string {
  const { freq, interval, byDay, byMonthDay, bySetPos, byHour, byMinute } = rrule
  const workdays = byDay.length === 5 && byDay.every(({ weekday: day, n }) => n === 0 && day >= 1 && day <= 5)
  const oneTime = byHour.length < 2 && byMinute.length < 2
  const plainPosition = bySetPos.length === 0 || (workdays && byMonthDay.length === 0 && oneTime)
  // What has no natural wording is shown as it is, rather than wrongly.
  if (rrule.byWeekNo.length + rrule.byYearDay.length > 0 || !plainPosition) return `by the rule ${rrule.text}`
  const names = byDay.map(({ weekday: day, n }) =>
    n === 0 ? WEEKDAYS[day]! : `the ${position(n)} ${WEEKDAYS[day]}`,
  )
  const weekdays = workdays ? 'weekday' : listed(names)
  const everyWeek = freq === 'WEEKLY' && interval === 1 && byDay.length > 0
  const parts = [everyWeek ? `every ${weekdays}` : everyUnit(interval, FREQUENCY_UNITS[freq])]
  if (bySetPos.length > 0) parts.push(`on the ${listed(bySetPos.map(position))} working day`)
  else if (byDay.length > 0 && !everyWeek) parts.push(workdays ? 'on every weekday' : `on ${weekdays}`)
  if (byMonthDay.length > 0) {
    const days = listed(byMonthDay.map((day) => (day > 0 ? ordinal(day) : `${position(day)} day`)))
    parts.push(`${byDay.length > 0 ? 'if it is' : 'on'} the ${days}`)
  }
  parts.push(...rruleDateWords(rrule, rule))
  if (!rule.allDay) parts.push(rruleTimeWords(rrule, minuteOfWall(rule.start!)))
  return parts.filter((part) => part !== '').join(' ')
}

/** What comes from the start where the rule is silent, and the months. */
function rruleDateWords({ freq, byDay, byMonthDay, byMonth }: RRule, { start }: Rule): string[] {
  const day = dayOfWall(start!)
  const date = civilDate(day)
  const free = byDay.length + byMonthDay.length === 0
  const months = byMonth.length > 0 ? `in ${listed(byMonth.map((month) => MONTHS[month - 1]!))}` : ''
  if (!free) return [months]
  if (freq === 'WEEKLY') return [`on ${WEEKDAYS[weekday(day)]}`, months]
  if (freq === 'MONTHLY') return [`on the ${ordinal(date.day)}`, months]
  if (freq === 'YEARLY')
    return [`on the ${ordinal(date.day)}`, months === '' ? `of ${MONTHS[date.month - 1]}` : months]
  return [months]
}

function rruleTimeWords({ freq, byHour, byMinute }: RRule, time: number): string {
  if (freq === 'HOURLY' || freq === 'MINUTELY') {
    const hours = byHour.length > 0 ? `in hour ${ranges(byHour)}` : ''
    const minutes = byMinute.length > 0 ? `at minute ${listed(byMinute.map(String))}` : ''
    return `${minutes} ${hours}`.trim()
  }
  const hours = byHour.length > 0 ? byHour : [Math.floor(time / 60)]
  const minutes = byMinute.length > 0 ? byMinute : [time % 60]
  return `at ${clockWords(hours.flatMap((hour) => minutes.map((minute) => hour * 60 + minute)))}`
}

function clockWords(times: readonly number[]): string {
  if (times.length <= 6) return listed(times.map(formatMinute))
  return `${times.length} times between ${formatMinute(times[0]!)} and ${formatMinute(times.at(-1)!)}`
}

function position(n: number): string {
  if (n > 0) return ordinal(n)
  return n === -1 ? 'last' : `${ordinal(-n)} last`
}

function ordinal(n: number): string {
  const teens = n % 100 >= 11 && n % 100 <= 13
  const ending = teens ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th')
  return `${n}${ending}`
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

/** `9–17, 20` */
function ranges(values: readonly number[]): string {
  const groups: [number, number][] = []
  for (const value of values) {
    const group = groups.at(-1)
    if (group !== undefined && value === group[1] + 1) group[1] = value
    else groups.push([value, value])
  }
  return groups.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`)).join(', ')
}

function dateWords(text: string): string {
  const local = parseLocal(text)
  if (local === null) return text
  const { year, month, day } = civilDate(local.day)
  return `${day} ${MONTHS[month - 1]} ${year}${local.minute === null ? '' : ` at ${formatMinute(local.minute)}`}`
}
