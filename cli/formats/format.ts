import type {
  ExportedTask,
  ExportedTemplate,
  TaskRecordInput,
  TemplateRecordInput,
} from '../../shared/api/transfer.ts'
import type { PriorityName } from '../../shared/priorities.ts'

/** What a file names a task or a template by, made into something that can be imported. */
export type Incoming = TaskIncoming | TemplateRecordInput
export type TaskIncoming = Omit<TaskRecordInput, 'priority'> & { priority?: PriorityName }
/** A record of a file with the line where it began, or what is wrong there. */
export type ReadItem = { line: number; record: Incoming } | { line: number; fault: string }

export type Outgoing = ExportedTask | ExportedTemplate
export const isTemplate = (record: Outgoing): record is ExportedTemplate => 'template_title' in record

/**
 * How a format sees time, and how it makes a uid of what has none: the same text gives the same uid. `timeZone` is for
 * reckoning, `zone` its IANA name for others.
 */
export type FormatContext = {
  now: Date
  timeZone: string
  zone: string
  uid: (...parts: string[]) => string
}

/**
 * One format, both ways, without any input or output of its own. Text comes and goes in pieces of any size, so that
 * memory stays flat. What a task has no field for goes into `extra` under the format's name and comes back from there.
 */
export type Format = {
  read: (pieces: AsyncIterable<string>, context: FormatContext) => AsyncIterable<ReadItem>
  write: (records: AsyncIterable<Outgoing>, context: FormatContext) => AsyncIterable<string>
}

/** Whole lines with their ends, numbered from 1. The last one may have none. */
export async function* linesOf(
  pieces: AsyncIterable<string>,
): AsyncGenerator<{ line: number; text: string }> {
  let rest = ''
  let line = 0
  for await (const piece of pieces) {
    rest += piece
    let at = 0
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n', at)) {
      line += 1
      yield { line, text: rest.slice(at, end + 1) }
      at = end + 1
    }
    rest = rest.slice(at)
  }
  if (rest !== '') yield { line: line + 1, text: rest }
}

export const withoutEnd = (text: string): string => text.replace(/\r?\n$/, '')

/** A title as tasks have them: one line, at most 200 characters; the whole text is for the note then. */
export function fitTitle(text: string): { title: string; rest: string | undefined } {
  const plain = text.replace(/\s+/g, ' ').trim()
  const characters = [...plain]
  if (characters.length <= 200) return { title: plain, rest: undefined }
  return { title: `${characters.slice(0, 199).join('')}…`, rest: plain }
}

/** A tag's name as tasks have them: no white space, no comma, at most 50 characters. */
export const fitTag = (text: string): string => [...text.trim().replace(/[\s,]+/g, '-')].slice(0, 50).join('')

/** A project's name as tasks have them: no white space, parts between single dots. */
export const fitProject = (text: string): string =>
  [
    ...text
      .trim()
      .replace(/\s+/g, '-')
      .replace(/\.{2,}/g, '.')
      .replace(/^\.|\.$/g, ''),
  ]
    .slice(0, 100)
    .join('')

/** Own fields of an object that are not among the known, for `extra`; undefined when there are none. */
export function unknownFields(
  value: Record<string, unknown>,
  known: ReadonlySet<string>,
): Record<string, unknown> | undefined {
  const rest = Object.entries(value).filter(([name]) => !known.has(name))
  return rest.length === 0 ? undefined : Object.fromEntries(rest)
}

export const priorityOf = (record: { priority_id: number }): PriorityName =>
  (['low', 'medium', 'high', 'critical'] as const)[record.priority_id - 1] ?? 'medium'

/** What a format kept of its own in `extra`. */
export const kept = <T>(record: { extra: Record<string, unknown> | null }, name: string): T | undefined =>
  record.extra?.[name] as T | undefined
