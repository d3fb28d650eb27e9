import { suggest } from '../../shared/suggest.ts'
import { usage } from '../errors.ts'

export const formatNames = ['json', 'ndjson', 'csv', 'todotxt', 'taskwarrior', 'ical', 'markdown']

const otherNames: Record<string, string> = {
  'todo.txt': 'todotxt',
  txt: 'todotxt',
  jsonl: 'ndjson',
  md: 'markdown',
  ics: 'ical',
  icalendar: 'ical',
  tw: 'taskwarrior',
  task: 'taskwarrior',
  vtodo: 'ical',
}

export function formatNamed(word: string): string {
  const name = otherNames[word.toLowerCase()] ?? word.toLowerCase()
  if (formatNames.includes(name)) return name
  const near = suggest(name, formatNames)
  throw usage(
    `There is no format ${JSON.stringify(word)}.`,
    near ? `Did you mean ${near}?` : `There are ${formatNames.join(', ')}.`,
  )
}
