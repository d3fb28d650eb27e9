import type { Stats } from '../shared/api/stats.ts'
import { bold, dim, green, red, type View } from './format.ts'

const blocks = '▁▂▃▄▅▆▇█'
const barWidth = 30

/** One character a day, as high as its share of the most; a day without anything is a dot. */
export function sparkline(values: number[]): string {
  const most = Math.max(...values, 1)
  return values
    .map((value) =>
      value === 0 ? '·' : blocks[Math.min(7, Math.max(0, Math.ceil((value / most) * 8) - 1))]!,
    )
    .join('')
}

/** At most `width` columns: neighbouring days become one, by their sum or by the last of them. */
export function squeezed(values: number[], width: number, how: 'sum' | 'last'): number[] {
  const size = Math.ceil(values.length / Math.max(1, width))
  if (size <= 1) return values
  return Array.from({ length: Math.ceil(values.length / size) }, (_, n) => {
    const part = values.slice(n * size, (n + 1) * size)
    return how === 'sum' ? part.reduce((sum, value) => sum + value, 0) : part.at(-1)!
  })
}

/** Hours in the unit that a reader thinks in. */
export function spokenHours(hours: number | null): string {
  if (hours === null) return '–'
  if (hours < 1) return `${Math.round(hours * 60)} min`
  if (hours < 48) return `${Math.round(hours * 10) / 10} h`
  return `${Math.round((hours / 24) * 10) / 10} days`
}

export function drawStats(stats: Stats, view: View): string {
  const { days, lead_time: lead, cycle_time: cycle } = stats
  const width = Math.max(10, (view.width ?? 80) - 26)
  const sum = (name: 'created' | 'completed') => days.reduce((total, day) => total + day[name], 0)
  // A row of blocks says nothing to who listens; its figures stand beside it anyway.
  const line = (label: string, values: number[], how: 'sum' | 'last', told: string) =>
    view.accessible
      ? `  ${label}: ${told.replace('→', 'to')}\n`
      : `  ${label.padEnd(10)} ${sparkline(squeezed(values, width, how))}  ${told}\n`
  const open = days.map((day) => day.open)
  const perWeek = Math.round((sum('completed') / days.length) * 70) / 10
  const late = stats.overdue > 0 ? red(`${stats.overdue} overdue`, view) : `${stats.overdue} overdue`
  return [
    `${bold('Now', view)}  ${stats.todo + stats.doing} open, ${stats.doing} of them being done, ${late}; ${green(`${stats.done} done`, view)}\n\n`,
    `${bold(`Last ${days.length} days`, view)}  ${dim(`${days[0]!.date} to ${days.at(-1)!.date}`, view)}\n`,
    line('open', open, 'last', `${open[0]} → ${open.at(-1)}`),
    line(
      'added',
      days.map((day) => day.created),
      'sum',
      String(sum('created')),
    ),
    line(
      'done',
      days.map((day) => day.completed),
      'sum',
      `${sum('completed')} (${perWeek} a week)`,
    ),
    '\n',
    `${bold('Time to done', view)}   ${'median'.padEnd(12)}85 % within\n`,
    `  lead time    ${spokenHours(lead.median).padEnd(12)}${spokenHours(lead.p85)}${lead.count === 0 ? '' : `  (${lead.count} tasks)`}\n`,
    `  cycle time   ${spokenHours(cycle.median).padEnd(12)}${spokenHours(cycle.p85)}${cycle.count === 0 ? '  (of tasks that were started)' : `  (${cycle.count} tasks)`}\n`,
    '\n',
    `${bold('Age of what is open', view)}\n`,
    ...drawAges(stats.ages, view.accessible === true),
  ].join('')
}

function drawAges(ages: Stats['ages'], accessible: boolean): string[] {
  const most = Math.max(...ages.map((age) => age.count), 1)
  return ages.map(({ from, to, count }) => {
    const label = from === 0 ? 'under a day' : to === null ? `over ${from} days` : `${from}–${to} days`
    const bar = accessible ? '' : '█'.repeat(Math.ceil((count / most) * barWidth))
    return `  ${label.padEnd(12)} ${String(count).padStart(6)}  ${bar}`.trimEnd() + '\n'
  })
}
