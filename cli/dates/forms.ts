import { describeDate, parseDate } from '../dates.ts'
import { displayWidth, pad } from '../text.ts'

/** One line of the date language: how it is written, what it means, and examples that a test reads. */
export type DateForm = { form: string; meaning: string; examples: string[] }

export const dateForms: DateForm[] = [
  {
    form: 'today tomorrow yesterday',
    meaning: 'that day (also `tod`, `tom`, `tmrw`)',
    examples: ['today', 'tomorrow'],
  },
  { form: 'now', meaning: 'this moment', examples: ['now', 'now+3h'] },
  {
    form: 'WEEKDAY',
    meaning: 'the next one; the weekday of today is a week away',
    examples: ['fri', 'friday', 'sat'],
  },
  {
    form: 'next|this|last WEEKDAY',
    meaning:
      '`next`: of the week that follows (weeks begin on Monday); `this`: the coming one, today included',
    examples: ['next friday', 'this sat', 'last fri'],
  },
  {
    form: 'next week|month|quarter|year',
    meaning: 'its first day; `next workday` leaves the weekend out',
    examples: ['next week', 'next month', 'next workday'],
  },
  { form: 'weekend', meaning: 'Saturday, today included', examples: ['weekend'] },
  {
    form: '+N UNIT, -N UNIT',
    meaning: 'days `d`, weeks `w`, months `m`, quarters `q`, years `y`: all-day, at a month’s end clamped',
    examples: ['+3d', '+2w', '+1m', '+1y', '-1w'],
  },
  {
    form: '+N UNIT of a day',
    meaning: 'hours `h`, minutes `min`, seconds `s`: elapsed time from now',
    examples: ['+24h', '+90min'],
  },
  {
    form: '+N bd',
    meaning: 'business days, Monday to Friday (also `workdays`)',
    examples: ['+3bd', 'in 5 workdays'],
  },
  {
    form: 'in N UNITS, N UNITS ago',
    meaning: 'the same in words; N may be `a`, or `one` to `twelve`',
    examples: ['in 3 days', 'in two weeks', 'in an hour', '3 days ago'],
  },
  {
    form: 'N UNITS before|after|from DATE',
    meaning: 'counted from another date',
    examples: ['3 days before eom', 'a week from fri'],
  },
  {
    form: 'TIME',
    meaning: 'the next such time: today while it lies ahead, else tomorrow',
    examples: ['17:00', '9am', '5:30pm', 'noon', 'midnight'],
  },
  {
    form: 'DATE TIME',
    meaning: 'that time on that day, in either order; also with `at` or `@`',
    examples: ['fri 17:00', 'tomorrow 9am', '5pm mon', 'fri@17:00', 'eom noon'],
  },
  {
    form: '1st … 31st',
    meaning: 'the next such day, in a month that has it',
    examples: ['1st', '27th', '31st'],
  },
  {
    form: 'MONTH DAY, DAY MONTH',
    meaning: 'this year, or the next when it is past; a month alone is its first day',
    examples: ['mar 3', '3 march', '3rd of march', 'march', '24 dec 2027', '29 feb'],
  },
  {
    form: 'eod eow eom eoq eoy',
    meaning: 'the last day of today, this week (Sunday), month, quarter, year; `eoww` is Friday',
    examples: ['eod', 'eow', 'eom', 'eoq', 'eoy', 'eoww'],
  },
  {
    form: 'sod sow som soq soy',
    meaning: 'today, and the first day of the next week (Monday, also `soww`), month, quarter, year',
    examples: ['sod', 'sow', 'som', 'soq', 'soy'],
  },
  {
    form: 'DATE+N UNIT, DATE-N UNIT',
    meaning: 'arithmetic on any of them; hours count from the edge of the day that was named',
    examples: ['eom-2d', 'fri+1w', 'eom-1bd', 'eod-2h', 'som+9h'],
  },
  {
    form: 'YYYY-MM-DD',
    meaning: 'also without dashes, or only year and month',
    examples: ['2026-12-01', '20261201'],
  },
  {
    form: 'YYYY-MM-DDTHH:MM',
    meaning: 'local time; seconds may follow, a space may stand for the T',
    examples: ['2026-12-01T17:00', '2026-12-01 17:00'],
  },
  {
    form: 'RFC 3339',
    meaning: 'an instant with its own offset',
    examples: ['2026-12-01T17:00:00Z', '2026-12-01T17:00:00-05:00'],
  },
  {
    form: 'YYYY-Www-D',
    meaning: 'ISO week, its Monday without D',
    examples: ['2026-w48', 'w48', '2026-W48-5'],
  },
  { form: 'YYYY-DDD', meaning: 'day of the year', examples: ['2026-330'] },
  {
    form: 'numbers with - / .',
    meaning: 'where only one reading is possible; dots are day.month',
    examples: ['12-25', '25/12', '25.12.2027'],
  },
]

/** The clock of every example: Saturday, 21 November 2026, 09:00 in Berlin. */
const clock = { now: new Date('2026-11-21T08:00:00Z'), timeZone: 'Europe/Berlin' }

const cell = (text: string): string => text.replaceAll('|', '\\|')

const rowOf = ({ form, meaning, examples }: DateForm): string[] => {
  const read = examples.map((text) => `\`${text}\` → ${describeDate(parseDate(text, clock), clock)}`)
  return [`\`${cell(form)}\``, cell(meaning), read.join('<br>')]
}

/** A Markdown table with its columns aligned, as the formatter would leave it. */
const tableOf = (rows: string[][]): string => {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => displayWidth(row[column]!))))
  const [head, ...body] = rows.map((row) => row.map((text, column) => pad(text, widths[column]!)))
  const lines = [head!, widths.map((width) => '-'.repeat(width)), ...body]
  return lines.map((line) => `| ${line.join(' | ')} |`).join('\n')
}

/** The whole of docs/dates.md; `node scripts/dates-doc.ts` writes it, a test compares it. */
export const datesDocument = (): string =>
  `# Dates

Every place that takes a date takes these words: \`due:\`, \`--due\`, filters such as \`due.before:\`. Case does not
matter. Without a time the date is all-day and keeps its day in every zone; with a time it is an instant, read
in your zone (\`TZ\`). What was understood is echoed; what cannot be understood is refused and nothing is written.

The examples are read on Saturday, 21 November 2026, at 09:00 in Berlin.

${tableOf([['Form', 'Means', 'Examples'], ...dateForms.map(rowOf)])}

- A form without a year whose date is past means the next year that has it: in November, \`mar 3\` is next March.
- A month ends where it ends: 31 January \`+1m\` is 28 or 29 February.
- A wall time that the clocks skip in spring becomes the first one after the gap; one that they show twice in autumn
  is the first of the two. Days keep the wall time over such a change (\`now+1d\`), hours the elapsed time (\`now+24h\`).
- \`m\` is a month here; minutes are \`min\`. (In \`remind:\` leads, \`m\` is minutes.)
- Refused because it can be read in two ways, with the unambiguous forms as the answer: \`5/6\`, \`15\`, \`tonight\`.
`
