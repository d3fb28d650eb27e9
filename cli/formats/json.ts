import type { Format, FormatContext, Incoming, Outgoing, ReadItem } from './format.ts'
import { unknownFields } from './format.ts'
import { jsonElements } from './json-elements.ts'
import { ownUid } from './own-uid.ts'

/** An array; templates stand before the tasks that came from them. */
export const json: Format = {
  read: (pieces, context) => readJson(pieces, context),
  write: async function* (records) {
    let begun = false
    for await (const record of records) {
      yield `${begun ? ',\n' : '[\n'}${JSON.stringify(shown(record))}`
      begun = true
    }
    yield begun ? '\n]\n' : '[]\n'
  },
}

/** One object a line. */
export const ndjson: Format = {
  read: (pieces, context) => readJson(pieces, context),
  write: async function* (records) {
    for await (const record of records) yield `${JSON.stringify(shown(record))}\n`
  },
}

/** What a file of this format had beside our fields stands beside them again. */
function shown({ extra, ...record }: Outgoing): object {
  const { json: own, ...others } = (extra ?? {}) as { json?: object }
  const isEmpty = Object.keys(others).length === 0
  return { ...record, ...own, ...(!isEmpty && { extra: others }) }
}

const taskFields = new Set([
  ...['uid', 'title', 'description', 'status', 'priority', 'tags', 'project', 'due_date', 'due_at'],
  ...['reminders', 'position', 'created_at', 'completed_at', 'recurring_task_uid', 'occurrence_at'],
])
/** Told by the place where it is: of no use elsewhere. */
const localFields = ['id', 'user_id', 'version', 'updated_at', 'recurring_task_id', 'tag_ids', 'priority_id']
const templateFields = new Set([
  ...['uid', 'template_title', 'template_description', 'recurrence_pattern', 'interval', 'cron_expression'],
  ...['rrule', 'time_zone', 'start', 'all_day', 'until', 'count', 'exdates', 'month_day_policy', 'catch_up'],
  ...['overlap', 'anchor', 'create_ahead', 'priority', 'tags', 'project', 'reminders', 'is_active', 'missed'],
  ...['next_occurrence', 'generated', 'created_at', 'priority_id'],
])
const templateLocal = ['id', 'user_id', 'version', 'updated_at', 'last_error']

async function* readJson(pieces: AsyncIterable<string>, context: FormatContext): AsyncGenerator<ReadItem> {
  for await (const { line, text } of jsonElements(pieces)) {
    try {
      const value: unknown = JSON.parse(text)
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
        yield { line, record: incoming(value as Record<string, unknown>, text, context) }
      } else yield { line, fault: 'is not an object' }
    } catch (error) {
      yield { line, fault: `is not JSON: ${(error as Error).message}` }
    }
  }
}

/** The writing shape, what export prints, and what `list --json` prints. */
function incoming(value: Record<string, unknown>, text: string, { uid }: FormatContext): Incoming {
  const isTemplate = 'template_title' in value
  const fields = isTemplate ? templateFields : taskFields
  const known = new Set([...fields, ...(isTemplate ? templateLocal : localFields), 'extra'])
  const record = Object.fromEntries(
    Object.entries(value).filter(([name, field]) => fields.has(name) && field !== undefined),
  )
  if (!isTemplate) {
    delete record.priority
    Object.assign(record, plainTags(value), plainPriority(value))
  }
  const own = unknownFields(value, known)
  const extra = { ...(value.extra as object | undefined), ...(own && { json: own }) }
  return {
    ...record,
    uid: uidOf(value, isTemplate) ?? uid('json', text),
    ...(Object.keys(extra).length > 0 && { extra }),
  } as Incoming
}

function uidOf(value: Record<string, unknown>, isTemplate: boolean): string | undefined {
  if (typeof value.uid === 'string') return value.uid
  const isOurs = typeof value.id === 'number' && typeof value.user_id === 'string'
  return isOurs ? ownUid(value.user_id as string, value.id as number, isTemplate) : undefined
}

/** Of the API's tags their ids are told to nobody else. */
function plainTags({ tags }: Record<string, unknown>): object {
  if (!Array.isArray(tags)) return {}
  return {
    tags: tags.map((tag: unknown) => {
      if (typeof tag !== 'object' || tag === null) return tag
      const { name, color } = tag as { name?: unknown; color?: unknown }
      return { name, color: color ?? null }
    }),
  }
}

function plainPriority({ priority, priority_id }: Record<string, unknown>): object {
  if (typeof priority === 'string') return { priority: priority.toLowerCase() }
  const name = (priority as { name?: unknown } | null | undefined)?.name
  if (typeof name === 'string') return { priority: name.toLowerCase() }
  return priority_id === undefined ? {} : { priority_id }
}
