import type { PriorityName } from '../../shared/priorities.ts'
import { localInstant, startOfDay } from './dates.ts'
import { fitProject, fitTag } from './format.ts'

/** What one line of todo.txt says. `words` are all behind the dates; each is text unless `kinds` says otherwise. */
export type Line = {
  done: boolean
  priority: PriorityName
  letter: string | undefined
  completed: string | undefined
  created: string | undefined
  words: string[]
  kinds: ('text' | 'project' | 'tag' | 'due' | 'pri' | 'status' | 'rec')[]
  title: string
  project: string | null
  tags: string[]
  due: string | undefined
  doing: boolean
  recurs: { every: number; unit: 'd' | 'w' | 'm' | 'y'; strict: boolean } | undefined
}

export const priorityOfLetter = (letter: string | undefined): PriorityName => {
  if (letter === 'A') return 'critical'
  if (letter === 'B') return 'high'
  return letter === undefined || letter === 'C' ? 'medium' : 'low'
}

export const letters: Record<PriorityName, string> = { critical: 'A', high: 'B', medium: '', low: 'D' }

const date = String.raw`(\d{4}-\d\d-\d\d) `
const doneHead = new RegExp(`^x (?:${date})?(?:${date})?`)
const openHead = new RegExp(`^(?:\\(([A-Z])\\) )?(?:${date})?`)

/** Reads a line without its end. The first `+x` is the project; a mark that no task could have stays text. */
export function readLine(text: string): Line {
  const [head, first, second] = doneHead.exec(text) ?? []
  const done = head !== undefined
  const open = done ? null : openHead.exec(text)
  const words = text.slice(done ? head.length : open![0].length).split(' ')
  const line: Line = {
    done,
    words,
    kinds: words.map(() => 'text'),
    title: '',
    project: null,
    tags: [],
    completed: done ? first : undefined,
    created: done ? second : open![2],
    doing: false,
    letter: open?.[1],
    priority: 'medium',
    due: undefined,
    recurs: undefined,
  }
  for (const [n, word] of words.entries()) line.kinds[n] = readWord(word, line)
  line.priority = priorityOfLetter(line.letter)
  const title = words.filter((_, n) => line.kinds[n] === 'text').join(' ')
  line.title = title.trim() === '' ? text : title
  return line
}

function readWord(word: string, line: Line): Line['kinds'][number] {
  const mark = word.slice(1)
  if (/^\+./.test(word) && line.project === null && fitProject(mark) === mark) {
    line.project = mark
    return 'project'
  }
  if (/^@./.test(word) && fitTag(mark) === mark) {
    const isNew = !line.tags.some((tag) => tag.toLowerCase() === mark.toLowerCase())
    if (isNew) line.tags.push(mark)
    return isNew ? 'tag' : 'text'
  }
  const [, key, value = ''] = /^([a-z]+):(\S+)$/.exec(word) ?? []
  if (key === 'due' && line.due === undefined && isDue(value)) {
    line.due = value
    return 'due'
  }
  if (key === 'pri' && line.done && line.letter === undefined && /^[A-Z]$/.test(value)) {
    line.letter = value
    return 'pri'
  }
  if (key === 'status' && value === 'doing' && !line.done) {
    line.doing = true
    return 'status'
  }
  const [, plus, every, unit] = key === 'rec' ? (/^(\+?)(\d{1,3})([dwmy])$/.exec(value) ?? []) : []
  if (every === undefined || Number(every) === 0 || line.recurs) return 'text'
  line.recurs = { every: Number(every), unit: unit as 'd', strict: plus === '+' }
  return 'rec'
}

const isDue = (value: string) =>
  startOfDay(value, 'UTC') !== undefined || localInstant(value, 'UTC') !== undefined
