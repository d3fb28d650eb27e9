import { readPriority } from '../../shared/priorities.ts'
import { localClock, localInstant, startOfDay } from './dates.ts'
import type { Format, FormatContext, Outgoing, ReadItem, TaskIncoming } from './format.ts'
import { fitProject, fitTag, fitTitle, isTemplate, linesOf, priorityOf, withoutEnd } from './format.ts'

/**
 * Task lists as GitHub draws them: `- [ ] Pay rent +home !high due:2026-12-01`, notes indented below, projects as
 * headings. `[x]` is done and `[/]` being done. What is no task is passed over.
 */
export const markdown: Format = { read, write }

const item = /^\s*[-*+]\s+\[([ xX/])\]\s+(.*)$/
const heading = /^#{1,6}\s+(.+?)\s*#*$/

async function* read(pieces: AsyncIterable<string>, context: FormatContext): AsyncGenerator<ReadItem> {
  let project: string | null = null
  let waiting: { line: number; record: TaskIncoming; notes: string[] } | null = null
  const seen = new Map<string, number>()
  const finish = (): ReadItem[] => {
    if (waiting === null) return []
    const { line, record, notes } = waiting
    waiting = null
    while (notes.at(-1) === '') notes.pop()
    return [{ line, record: { ...record, ...(notes.length > 0 && { description: notes.join('\n') }) } }]
  }
  for await (const { line, text } of linesOf(pieces)) {
    const plain = withoutEnd(text)
    const [, name] = heading.exec(plain) ?? []
    const [, box, words] = item.exec(plain) ?? []
    if (words !== undefined) {
      yield* finish()
      const key = `${project ?? ''} ${words}`
      const times = (seen.get(key) ?? 0) + 1
      seen.set(key, times)
      const uid = context.uid('markdown', key, String(times))
      waiting = { line, record: { uid, ...taskOf(box!, words, project, context) }, notes: [] }
    } else if (name !== undefined) {
      yield* finish()
      project = /^(tasks|todo)$/i.test(name) ? null : fitProject(name)
    } else if (waiting && /^(\s{2,}|$)/.test(plain)) waiting.notes.push(plain.replace(/^ {2}/, ''))
    else yield* finish()
  }
  yield* finish()
}

function taskOf(
  box: string,
  text: string,
  project: string | null,
  { timeZone }: FormatContext,
): TaskIncoming {
  const task: TaskIncoming = { title: '', tags: [], ...(project !== null && project !== '' && { project }) }
  const words = text.split(' ').filter((word) => !takeMark(word, task, timeZone))
  const { title, rest } = fitTitle(words.join(' '))
  const status = box === ' ' ? 'todo' : box === '/' ? 'doing' : 'done'
  return { ...task, title, status, ...(rest !== undefined && { description: rest }) }
}

/** Whether the word says something about the task, which is noted then. */
function takeMark(word: string, task: TaskIncoming, timeZone: string): boolean {
  const [, tag] = /^\+([\p{L}\p{N}_][^\s]*)$/u.exec(word) ?? []
  if (tag !== undefined && fitTag(tag) === tag) {
    task.tags = [...(task.tags ?? []), tag]
    return true
  }
  const priority = /^![a-z]+$/.test(word) ? readPriority(word.slice(1)) : undefined
  if (priority !== undefined) {
    task.priority = priority
    return true
  }
  const [, key, value = ''] = /^(due|done|created):(\S+)$/.exec(word) ?? []
  if (key === undefined) return false
  const at = localInstant(value, timeZone)
  if (at === undefined && startOfDay(value, timeZone) === undefined) return false
  if (key === 'due') Object.assign(task, at === undefined ? { due_date: value } : { due_at: at })
  else
    Object.assign(task, {
      [key === 'done' ? 'completed_at' : 'created_at']: at ?? startOfDay(value, timeZone),
    })
  return true
}

async function* write(records: AsyncIterable<Outgoing>, context: FormatContext): AsyncGenerator<string> {
  let project: string | null | undefined
  for await (const record of records) {
    if (isTemplate(record)) continue
    if (record.project !== project) {
      yield `${project === undefined ? '' : '\n'}# ${record.project ?? 'Tasks'}\n\n`
      project = record.project
    }
    const box = { todo: ' ', doing: '/', done: 'x' }[record.status]
    const due = record.due_at === null ? record.due_date : localClock(record.due_at, context.timeZone)
    const words = [
      record.title,
      ...record.tags.map((tag) => `+${tag.name}`),
      ...(record.priority_id === 2 ? [] : [`!${priorityOf(record)}`]),
      ...(due === null ? [] : [`due:${due}`]),
      ...(record.completed_at === null ? [] : [`done:${localClock(record.completed_at, context.timeZone)}`]),
    ]
    const notes = record.description === '' ? '' : `${record.description.replaceAll(/^(?=.)/gm, '  ')}\n`
    yield `- [${box}] ${words.join(' ')}\n${notes}`
  }
}
