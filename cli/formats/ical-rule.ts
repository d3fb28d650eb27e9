import type { ExportedTemplate } from '../../shared/api/transfer.ts'

const frequencies = { daily: 'DAILY', weekly: 'WEEKLY', monthly: 'MONTHLY', yearly: 'YEARLY', custom: null }

/** A rule as other calendars read it; null for cron, which RRULE cannot say. */
export function rruleOf(template: ExportedTemplate): string | null {
  if (template.rrule !== null) return template.rrule.replace(/^RRULE:/i, '').split('\n')[0]!
  const frequency = frequencies[template.recurrence_pattern]
  if (frequency === null) return null
  const parts = [`FREQ=${frequency}`]
  if (template.interval > 1) parts.push(`INTERVAL=${template.interval}`)
  if (template.count !== null) parts.push(`COUNT=${template.count}`)
  else if (template.until !== null) parts.push(`UNTIL=${template.until.slice(0, 10).replaceAll('-', '')}`)
  return parts.join(';')
}
