import { dayOfDate, type Entry, entriesOf, type Span, spanOf } from '../calendar.ts'
import type { Verb } from '../command.ts'
import { civil, type Day, isoDate } from '../dates/calendar.ts'
import { formatDate } from '../dates/describe.ts'
import { localIso } from '../dates/zone.ts'
import { usage } from '../errors.ts'
import type { FlagSet } from '../flags.ts'
import { bold, dim, type View } from '../format.ts'
import { escapeControls, pad, truncate } from '../text.ts'

export const calendar: Verb<{ weeks: string }> = {
  summary: 'Show the coming weeks: tasks and what recurs',
  usage: '[--weeks N]',
  examples: [
    ['todo calendar', 'four weeks from this Monday on'],
    ['todo calendar --weeks 8 --json', 'for scripts: date, time, title, id'],
  ],
  define: (command: FlagSet) => {
    command.option('-w, --weeks <n>', 'so many weeks, up to 53', '4')
  },
  fields: ['date', 'time', 'title', 'id', 'kind', 'status', 'priority_id'],
  run: async (context, words, flags) => {
    const weeks = Number(flags.weeks)
    if (words.length > 0 || !Number.isInteger(weeks) || weeks < 1 || weeks > 53) {
      throw usage(
        'calendar takes --weeks with a number from 1 to 53.',
        'Like this: `todo calendar --weeks 8`.',
      )
    }
    const span = spanOf(context, weeks)
    const { out } = context
    out.list(await entriesOf(context, span), {
      line: (entry) =>
        [entry.date, entry.time ?? '', entry.kind, entry.id, escapeControls(entry.title)].join('\t'),
      table: (entries) => draw(entries, span, out.view()),
      columns: {
        date: (entry) => entry.date,
        time: (entry) => entry.time,
        kind: (entry) => entry.kind,
        id: (entry) => entry.id,
        title: (entry) => entry.title,
      },
    })
    return undefined
  },
}

/** Below this width seven columns hold no words, so that days are listed instead. */
const narrowest = 70

function draw(entries: Entry[], span: Span, view: View): string {
  const byDay = Map.groupBy(entries, ({ date }) => dayOfDate(date))
  const weeks = Array.from({ length: span.weeks }, (_, week) =>
    Array.from({ length: 7 }, (_, day) => span.first + week * 7 + day),
  )
  const width = view.width ?? 80
  if (width < narrowest)
    return weeks
      .flat()
      .map((day) => listDay(day, byDay.get(day) ?? [], view))
      .join('')
  const cell = Math.floor((width - 6) / 7)
  return weeks.map((days) => drawWeek(days, byDay, cell, view)).join('\n')
}

function listDay(day: Day, entries: Entry[], view: View): string {
  if (entries.length === 0) return ''
  const lines = entries.map((entry) => `  ${textOf(entry, view.width === null ? 80 : view.width - 2)}\n`)
  return `${bold(formatDate({ date: isoDate(day) }, view), view)}\n${lines.join('')}`
}

/** A head with the dates, then as many lines as the fullest day has entries. */
function drawWeek(days: Day[], byDay: Map<Day, Entry[]>, cell: number, view: View): string {
  const today = localIso(view.now, view.timeZone).slice(0, 10)
  const head = days.map((day) => {
    const text = pad(headOf(day, view, isoDate(day) === today), cell)
    return isoDate(day) === today ? bold(text, view) : dim(text, view)
  })
  const height = Math.max(1, ...days.map((day) => byDay.get(day)?.length ?? 0))
  const rows = Array.from({ length: height }, (_, row) =>
    days.map((day) => {
      const entry = byDay.get(day)?.[row]
      if (entry === undefined) return ' '.repeat(cell)
      const text = pad(textOf(entry, cell), cell)
      return entry.kind === 'occurrence' || entry.status === 'done' ? dim(text, view) : text
    }),
  )
  return [head, ...rows].map((row) => `${row.join(' ').trimEnd()}\n`).join('')
}

/** `Mon 23`, on the first of a month with its name; today is marked without colour too. */
function headOf(day: Day, view: View, isToday: boolean): string {
  const [name, number, month] = formatDate({ date: isoDate(day) }, view).split(' ')
  return `${name} ${number}${civil(day).day === 1 ? ` ${month}` : ''}${isToday ? ' ◂' : ''}`
}

/** `↻` stands before what is still to come of a rule, `✓` before what is done. */
function textOf({ time, title, kind, status }: Entry, width: number): string {
  const mark = kind === 'occurrence' ? '↻ ' : status === 'done' ? '✓ ' : ''
  return truncate(`${mark}${time === null ? '' : `${time} `}${escapeControls(title)}`, width)
}
