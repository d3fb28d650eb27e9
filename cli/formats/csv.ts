import { readPriority } from '../../shared/priorities.ts'
import type { Format, FormatContext, Incoming, Outgoing, ReadItem, TaskIncoming } from './format.ts'
import { fitProject, fitTag, fitTitle, isTemplate, kept, priorityOf } from './format.ts'

const columns = [
  ...[
    'uid',
    'title',
    'description',
    'status',
    'priority',
    'tags',
    'project',
    'due_date',
    'due_at',
    'reminders',
  ],
  ...['created_at', 'completed_at', 'position', 'recurring_task_uid', 'occurrence_at', 'rule'],
] as const

/** What other programs call our columns. */
const synonyms: Record<string, string> = {
  name: 'title',
  task: 'title',
  content: 'title',
  summary: 'title',
  subject: 'title',
  note: 'description',
  notes: 'description',
  tag: 'tags',
  labels: 'tags',
  label: 'tags',
  due: 'due_date',
  created: 'created_at',
  completed: 'completed_at',
  state: 'status',
  list: 'project',
}

/** RFC 4180 with a header. Columns that are not ours are kept; a template is a row whose rule says all of it. */
export const csv: Format = { read: readCsv, write: writeCsv }

async function* writeCsv(records: AsyncIterable<Outgoing>): AsyncGenerator<string> {
  yield `${columns.join(',')}\n`
  for await (const record of records) yield `${cellsOf(record).map(cell).join(',')}\n`
}

function cellsOf(record: Outgoing): string[] {
  if (isTemplate(record)) {
    const { uid, template_title, template_description, tags, project, reminders, created_at } = record
    const row = {
      uid,
      title: template_title,
      description: template_description,
      tags: tags.join(' '),
      project,
      reminders: reminders.join(' '),
      created_at,
      rule: JSON.stringify(record),
    }
    return columns.map((name) => String((row as Record<string, unknown>)[name] ?? ''))
  }
  const row: Record<string, unknown> = {
    ...record,
    priority: priorityOf(record),
    tags: record.tags.map((tag) => tag.name).join(' '),
    // An empty cell is the default.
    reminders: record.reminders.length === 0 ? 'none' : record.reminders.join(' '),
    rule: kept<object>(record, 'csv') === undefined ? '' : JSON.stringify({ extra: record.extra }),
  }
  return columns.map((name) => String(row[name] ?? ''))
}

const cell = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

async function* readCsv(pieces: AsyncIterable<string>, context: FormatContext): AsyncGenerator<ReadItem> {
  let names: string[] | null = null
  for await (const { line, cells } of csvRows(pieces)) {
    if (names === null) {
      names = cells.map(nameOf)
      if (!names.includes('title')) {
        yield { line, fault: `has no column title; its columns are ${cells.join(', ')}` }
        return
      }
      continue
    }
    if (cells.length === 1 && cells[0]!.trim() === '') continue
    const row = Object.fromEntries(names.map((name, n) => [name, cells[n] ?? '']))
    yield { line, record: incoming(row, cells, context) }
  }
}

const nameOf = (head: string): string => {
  const name = head
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_')
  return synonyms[name] ?? name
}

function incoming(row: Record<string, string>, cells: string[], { uid }: FormatContext): Incoming {
  const rule = row.rule ? (JSON.parse(row.rule) as Record<string, unknown>) : {}
  if ('template_title' in rule) return rule as Incoming
  const given = (name: string) => (row[name]?.trim() ? row[name].trim() : undefined)
  const { title, rest } = fitTitle(row.title ?? '')
  const due = given('due_date')
  const isTimed = due?.includes('T') === true
  const unknown = Object.entries(row).filter(([name, value]) => !isOurs(name) && value !== '')
  const task: Record<string, unknown> = {
    uid: given('uid') ?? uid('csv', JSON.stringify(cells)),
    title,
    description: row.description || rest,
    project: given('project') && fitProject(row.project!),
    status: statusOf(given('status'), given('completed_at')),
    priority: given('priority') && readPriority(row.priority!),
    tags: given('tags')
      ?.replace(/^\+/, '')
      .split(/[\s,;]+\+?/)
      .filter(Boolean)
      .map(fitTag),
    due_date: isTimed ? undefined : due,
    due_at: given('due_at') ?? (isTimed ? due : undefined),
    reminders: given('reminders') === 'none' ? [] : given('reminders')?.split(/[\s,;]+/),
    created_at: given('created_at'),
    completed_at: given('completed_at'),
    position: given('position') && Number(row.position),
    recurring_task_uid: given('recurring_task_uid'),
    occurrence_at: given('occurrence_at'),
    extra: rule.extra ?? (unknown.length > 0 ? { csv: Object.fromEntries(unknown) } : undefined),
  }
  return Object.fromEntries(Object.entries(task).filter(([, value]) => value !== undefined)) as TaskIncoming
}

const isOurs = (name: string) => (columns as readonly string[]).includes(name)

function statusOf(status: string | undefined, completedAt: string | undefined): string | undefined {
  const word = status?.toLowerCase()
  if (word === undefined) return completedAt === undefined ? undefined : 'done'
  if (/^(done|completed?|closed|x|true|yes)$/.test(word)) return 'done'
  if (/^(doing|started|active|in[ _-]?progress)$/.test(word)) return 'doing'
  return /^(todo|open|pending|needs-action|false|no)$/.test(word) ? 'todo' : status
}

/** Rows of cells, with the line where each began; quoted cells may have line ends inside. */
async function* csvRows(pieces: AsyncIterable<string>): AsyncGenerator<{ line: number; cells: string[] }> {
  let cells: string[] = []
  let text = ''
  let [quoted, wasQuote, begun] = [false, false, false]
  let [line, from] = [1, 1]
  for await (const piece of pieces) {
    for (const char of piece) {
      if (char === '\n') line += 1
      if (quoted && !wasQuote && char !== '"') text += char
      else if (quoted && !wasQuote) wasQuote = true
      else if (wasQuote && char === '"') {
        text += '"'
        wasQuote = false
      } else if (char === '"' && text === '' && !quoted) [quoted, begun] = [true, true]
      else if (char === ',') {
        cells.push(text)
        ;[text, quoted, wasQuote, begun] = ['', false, false, true]
      } else if (char === '\n') {
        if (begun || text !== '') yield { line: from, cells: [...cells, text] }
        cells = []
        ;[text, quoted, wasQuote, begun, from] = ['', false, false, false, line]
      } else if (char !== '\r' && char !== '\ufeff') text += char
    }
  }
  if (begun || text !== '') yield { line: from, cells: [...cells, text] }
}
