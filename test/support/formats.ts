import type { Format, Incoming, Outgoing, ReadItem } from '../../cli/formats/format.ts'
import { formatContext } from '../../cli/formats/format-context.ts'
import type { ExportedTask } from '../../shared/api/transfer.ts'
import { priorityNames } from '../../shared/priorities.ts'

export const testContext = {
  ...formatContext({ now: () => new Date('2026-11-21T12:00:00Z'), timeZone: () => 'Europe/Berlin' }),
}

/** Text in pieces of a few characters, as no file would come. */
export async function* pieces(text: string, size = 7): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size)
}

export async function readText(format: Format, text: string, size?: number): Promise<ReadItem[]> {
  return Array.fromAsync(format.read(pieces(text, size), testContext))
}

export async function readRecords(format: Format, text: string, size?: number): Promise<Incoming[]> {
  const items = await readText(format, text, size)
  return items.map((item) => {
    if ('fault' in item) throw new Error(`line ${item.line}: ${item.fault}`)
    return item.record
  })
}

export async function writeText(format: Format, records: Outgoing[]): Promise<string> {
  async function* all() {
    yield* records
  }
  return (await Array.fromAsync(format.write(all(), testContext))).join('')
}

const plain: ExportedTask = {
  uid: '00000000-0000-8000-8000-000000000001',
  title: 'Task',
  description: '',
  status: 'todo',
  priority_id: 2,
  tags: [],
  project: null,
  due_date: null,
  due_at: null,
  reminders: ['1d'],
  position: 1,
  recurring_task_uid: null,
  occurrence_at: null,
  completed_at: null,
  extra: null,
  created_at: '2026-01-02T03:04:05.000Z',
  priority: { id: 2, name: 'Medium', level: 2, color: '#3B82F6' },
}

/** A task as the service exports it. */
export const exported = (more: Partial<ExportedTask> = {}): ExportedTask => {
  const id = more.priority_id ?? 2
  return { ...plain, ...more, priority: { ...plain.priority, id, name: priorityNames[id - 1]! } }
}

/** What the service would export of a task that was imported; `known` are the defaults of what was not said. */
export function stored(record: Incoming): Outgoing {
  if ('template_title' in record) return record as unknown as Outgoing
  const { tags = [], priority, line: _line, ...rest } = record
  const id = priority === undefined ? (rest.priority_id ?? 2) : priorityNames.indexOf(priority) + 1
  return {
    ...plain,
    ...(Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)) as object),
    completed_at: rest.status === 'done' ? (rest.completed_at ?? '2026-11-21T12:00:00.000Z') : null,
    tags: tags.map((tag) =>
      typeof tag === 'string' ? { name: tag, color: null } : { name: tag.name, color: tag.color ?? null },
    ),
    priority_id: id,
    priority: { ...plain.priority, id, name: priorityNames[id - 1]! },
  } as Outgoing
}
