import type { Format } from './format.ts'

/** Each loaded only when it is used. */
export const formats: Record<string, () => Promise<Format>> = {
  json: async () => (await import('./json.ts')).json,
  ndjson: async () => (await import('./json.ts')).ndjson,
  csv: async () => (await import('./csv.ts')).csv,
  todotxt: async () => (await import('./todotxt.ts')).todotxt,
  taskwarrior: async () => (await import('./taskwarrior.ts')).taskwarrior,
  ical: async () => (await import('./ical.ts')).ical,
  markdown: async () => (await import('./markdown.ts')).markdown,
}

const endings: [ending: RegExp, name: string][] = [
  [/\.(ndjson|jsonl)$/i, 'ndjson'],
  [/\.csv$/i, 'csv'],
  [/\.txt$/i, 'todotxt'],
  [/\.ics$/i, 'ical'],
  [/\.(md|markdown)$/i, 'markdown'],
]

/** The format of a file by its name, or else by how it begins. */
export function guessFormat(name: string, beginning: string): string {
  const byName = endings.find(([ending]) => ending.test(name))
  if (byName) return byName[1]
  const text = beginning.replace(/^\ufeff/, '').trimStart()
  if (/^[[{]/.test(text)) {
    if (/"uuid"\s*:/.test(text) && !/"title"\s*:/.test(text)) return 'taskwarrior'
    return text.startsWith('{') ? 'ndjson' : 'json'
  }
  if (/^BEGIN:VCALENDAR/i.test(text)) return 'ical'
  const [first = ''] = text.split('\n', 1)
  if (/^#{1,6} |^[-*+] \[[ xX/]\] /.test(text)) return 'markdown'
  return /,/.test(first) && /(^|,)"?(title|name|content|summary|task)"?(,|\r?$)/i.test(first)
    ? 'csv'
    : 'todotxt'
}
