import type { Stats } from '../../shared/api/stats.ts'
import type { Verb } from '../command.ts'
import { usage } from '../errors.ts'
import type { FlagSet } from '../flags.ts'
import { sendableZone } from '../sendable-zone.ts'
import { drawStats } from '../stats-text.ts'

export const stats: Verb<{ days?: string; project?: string }> = {
  summary: 'Burndown, throughput, lead and cycle time, ageing',
  usage: '[flags]',
  examples: [
    ['todo stats', 'the last 30 days'],
    ['todo stats --days 90 --project work', 'a quarter of one project'],
    ['todo stats --json --jq .lead_time.median', 'for scripts; times are in hours'],
  ],
  define: (flags: FlagSet) => {
    flags.option('--days <n>', 'so many days, up to 366').option('--project <name>', 'only of this project')
  },
  run: async (context, words, { days, project }) => {
    if (words.length > 0)
      throw usage('stats takes flags, not words.', 'Like this: `todo stats --project work`.')
    const { out } = context
    const answer: Stats = await context.api('GET /api/{user_id}/stats', {
      query: {
        ...(days !== undefined && { days: Number(days) }),
        ...(project !== undefined && { project }),
        time_zone: sendableZone(context),
      },
    })
    if (out.mode === 'json' || out.mode === 'ndjson') out.value(answer, '')
    else if (out.mode === 'csv') {
      const lines = answer.days.map((day) => `${day.date},${day.created},${day.completed},${day.open}\n`)
      out.text(`date,created,completed,open\n${lines.join('')}`)
    } else out.long(drawStats(answer, out.view()))
    return undefined
  },
}
