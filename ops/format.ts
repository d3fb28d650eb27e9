import type { BusRecord } from './read.ts'

/** One line for one record: when, where, what, whose. */
export function recordLine(record: BusRecord): string {
  const { event, partition, offset, key } = record
  const place = `${partition}:${offset}`
  if (!event)
    return [record.timestamp.toISOString(), place, 'no CloudEvent', `key ${safe(key ?? 'none')}`].join('  ')
  const data = (event.data ?? {}) as { version?: unknown; data?: { title?: unknown; status?: unknown } }
  const version = data.version === undefined ? '' : ` v${safe(data.version)}`
  return [
    safe(event.time),
    place,
    safe(event.type),
    `${safe(event.subject ?? key)}${version}`,
    safe(event.source),
    safe(data.data?.status ?? ''),
    safe(data.data?.title ?? ''),
  ].join('  ')
}

/** Text from the bus must not steer the terminal. */
export const safe = (value: unknown): string =>
  String(value).replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, '\ufffd')

/** Columns as wide as their widest cell; numbers on the right. */
export function table(rows: (string | number)[][]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => String(row[column]).length)),
  )
  const pad = (cell: string | number, column: number) =>
    typeof cell === 'number' ? String(cell).padStart(widths[column]!) : cell.padEnd(widths[column]!)
  return rows.map((row) => row.map(pad).join('  ').trimEnd()).join('\n')
}

/** The value below which the share of the sorted values lies; null of none. */
export function quantile(values: number[], share: number): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null
}
