import { civil, type Day, dayMs, weekday } from './calendar.ts'
import type { Due } from './reading.ts'
import { wallAt } from './zone.ts'

const weekdays = ['', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
const months = ['', 'Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

export type DescribeContext = { now: Date; timeZone: string }

const dayOfDate = (date: string): Day => Date.parse(`${date}T00:00:00Z`) / dayMs

/** `Fri 27 Nov`, with the time where there is one and the year where it is not this one. English in every locale. */
export const formatDate = (due: Due, { now, timeZone }: DescribeContext): string => {
  const wall =
    'date' in due ? { day: dayOfDate(due.date), ms: 0 } : wallAt(new Date(due.at).getTime(), timeZone)
  const { year, month, day } = civil(wall.day)
  const thisYear = civil(wallAt(now.getTime(), timeZone).day).year
  const date = `${weekdays[weekday(wall.day)]} ${day} ${months[month]}${year === thisYear ? '' : ` ${year}`}`
  if ('date' in due) return date
  const minutes = Math.floor(wall.ms / 60_000)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${date} ${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
}

const counted = (count: number, unit: string): string => `${count} ${unit}${count === 1 ? '' : 's'}`

const distance = (amount: number, phrase: string): string => (amount < 0 ? `${phrase} ago` : `in ${phrase}`)

/** `in 6 days`, `today`, `3 hours ago`: calendar days, hours within a day, months and years from two months on. */
export const relativeDate = (due: Due, { now, timeZone }: DescribeContext): string => {
  const today = wallAt(now.getTime(), timeZone).day
  let day: Day
  if ('at' in due) {
    const at = new Date(due.at).getTime()
    const minutes = Math.trunc((at - now.getTime()) / 60_000)
    if (minutes === 0) return 'now'
    if (Math.abs(minutes) < 60) return distance(minutes, counted(Math.abs(minutes), 'minute'))
    const hours = Math.round(minutes / 60)
    if (Math.abs(hours) < 24) return distance(minutes, counted(Math.abs(hours), 'hour'))
    day = wallAt(at, timeZone).day
  } else day = dayOfDate(due.date)
  const days = day - today
  if (days === 0) return 'today'
  if (days === 1) return 'tomorrow'
  if (days === -1) return 'yesterday'
  const far = Math.abs(days)
  if (far < 60) return distance(days, counted(far, 'day'))
  if (far < 730) return distance(days, counted(Math.round(far / 30.44), 'month'))
  return distance(days, counted(Math.round(far / 365.25), 'year'))
}
