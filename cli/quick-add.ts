import { AppError } from '../shared/errors.ts'
import { type PriorityName, priorityHint, readPriority } from '../shared/priorities.ts'
import { suggest } from '../shared/suggest.ts'
import { type DateContext, type Due, readDate } from './dates.ts'
import { type Dialect, markOf, todoTxtPriority } from './quick-add/dialects.ts'
import { dueAtEnd, takeDue } from './quick-add/due.ts'
import { ruleLength } from './quick-add/every.ts'
import { joined, type Word, wordsOf } from './quick-add/words.ts'
import { clauseOf } from './text.ts'

export type { Dialect } from './quick-add/dialects.ts'

/**
 * What a line asks for. Absent means not said; null (only of `edit`, by an empty mark such as `due:`) means cleared.
 * `every` is the text of a rule, unread: `fri`, `2 weeks`, or with its `!` for after completion, `every! 3 days`.
 * `remind` is empty for `remind:none`.
 */
export type QuickAdd = {
  title: string
  tags: string[]
  /** `-tag`, only of `edit`. */
  removedTags: string[]
  project?: string | null
  priority?: PriorityName | null
  due?: Due | null
  every?: string | null
  remind?: string[] | null
  note?: string
  /** One line each, for stderr. */
  warnings: string[]
}

/** `edit` turns on `-tag` and the clearing marks. */
export type QuickAddContext = DateContext & { dialect: Dialect; edit?: boolean }

type Reader = { context: QuickAddContext; result: QuickAdd; title: Word[]; rest: Word[] }

/** Reads the value of a mark, which may take following words from `reader.rest`. False leaves the word as text. */
type Mark = (reader: Reader, value: string, word: Word) => boolean

const bad = (pointer: string, code: string, message: string, hint: string): AppError =>
  new AppError('invalid', message, { hint, reason: code, fields: [{ pointer, code, message }] })

const textHint = 'If it belongs to the title, put it behind `--`.'

const once = (reader: Reader, key: 'project' | 'priority' | 'due' | 'every', word: Word): void => {
  if (reader.result[key] === undefined) return
  throw bad(`/${key}`, 'repeated', `"${word.text}" is the second ${key} of the task`, textHint)
}

const tag: Mark = ({ result }, value) => {
  if (value === '') return false
  for (const name of value.split(',')) if (name !== '' && !result.tags.includes(name)) result.tags.push(name)
  return true
}

const project: Mark = (reader, value, word) => {
  if (value === '' && !reader.context.edit) return false
  once(reader, 'project', word)
  reader.result.project = value === '' ? null : value
  return true
}

const priority: Mark = (reader, value, word) => {
  if (value === '' && !reader.context.edit) return false
  const letter = reader.context.dialect === 'todotxt' ? todoTxtPriority(value) : undefined
  const name = letter ?? readPriority(value)
  if (name === undefined && value !== '')
    throw bad('/priority', 'not_found', `"${value}" is not a priority`, priorityHint(value))
  once(reader, 'priority', word)
  reader.result.priority = name ?? null
  return true
}

const due: Mark = (reader, value, word) => {
  const { context, rest } = reader
  if (value === '') {
    // A space behind the colon is forgiven where a date follows: `due: friday`.
    const [next] = rest
    const found = next === undefined || !next.gap ? undefined : takeDueOrNothing(reader, next)
    if (found === undefined && !context.edit) return false
    once(reader, 'due', word)
    reader.result.due = found ?? null
    return true
  }
  once(reader, 'due', word)
  const { due: date, taken } = takeDue(value, rest, context)
  rest.splice(0, taken)
  reader.result.due = date
  return true
}

const takeDueOrNothing = ({ context, rest }: Reader, next: Word): Due | undefined => {
  if (markOf(next.text, context.dialect) !== undefined) return undefined
  try {
    const { due: date, taken } = takeDue(next.text, rest.slice(1), context)
    rest.splice(0, taken + 1)
    return date
  } catch {
    return undefined
  }
}

const withoutComma = (text: string): string => text.replace(/,$/, '')

const recur: Mark = (reader, value, word) => {
  const { context, rest, result } = reader
  if (value === '' && !context.edit) return false
  once(reader, 'every', word)
  if (value === '') {
    result.every = null
    return true
  }
  const isStrict = value.startsWith('+')
  const first: Word = { ...word, text: isStrict ? value.slice(1) : value }
  const taken = Math.max(0, ruleLength([first, ...rest], context) - 1)
  const text = withoutComma(joined([first, ...rest.splice(0, taken)]))
  // In todo.txt `rec:1w` counts from completion and `rec:+1w` from the due date.
  const isAfter = context.dialect === 'todotxt' && !isStrict && word.text.startsWith('rec:')
  result.every = isAfter ? `every! ${text}` : text
  return true
}

const every: Mark = (reader, value, word) => {
  const length = ruleLength(reader.rest, reader.context)
  if (length === 0) return false
  once(reader, 'every', word)
  const text = withoutComma(joined(reader.rest.splice(0, length)))
  reader.result.every = value === '!' ? `every! ${text}` : text
  return true
}

const lead = /^[1-9]\d{0,4}[mhdw]$/

const remind: Mark = ({ context, result }, value) => {
  if (value === '' && !context.edit) return false
  const short = value.toLowerCase().replaceAll('min', 'm')
  const leads = short === '' || short === 'none' ? [] : short.split(',')
  const wrong = leads.find((one) => !lead.test(one))
  if (wrong !== undefined)
    throw bad('/remind', 'bad_lead', `"${wrong}" is not a lead time`, 'Write 15m, 2h, 1d or 1w, or none.')
  result.remind = value === '' ? null : [...(result.remind ?? []), ...leads]
  return true
}

const removeTag: Mark = ({ result }, value) => {
  result.removedTags.push(value)
  return true
}

const marks: Record<string, Mark> = { tag, project, priority, due, recur, every, remind, removeTag }

/** Names of marks with a colon, for suggestions; their short forms are read too. */
const markNames = ['project', 'priority', 'due', 'every', 'recur', 'remind', 'tag']

/** What to write for a sign of another tool's dialect: `#home`, `@phone`, `@fri`. */
const insteadOfSign = (text: string, context: QuickAddContext): string => {
  const name = text.slice(1)
  if (text.startsWith('#')) return `project:${name} for a project`
  const isDate = readDate(name, context) !== undefined
  return isDate ? `due:${name} for a due date` : `+${name} for a tag`
}

/** What says the same, or nearly, of marks that other tools have. */
const elsewhere: Record<string, string> = {
  wait: 'due: with remind: for when to be told',
  scheduled: 'due:',
  start: 'due:',
  t: 'due:',
  until: '`every … until 2027-12-31`',
  depends: 'the other id into the note',
  note: '/ before the note',
}

/** Why a word that resembles a mark stayed text; undefined for what is plainly text, such as an address or a time. */
const warningFor = (text: string, context: QuickAddContext): string | undefined => {
  const stays = `"${text}" stays text`
  if (context.dialect === 'todo' && /^[#@]/.test(text) && /^.[\p{L}_]/u.test(text))
    return `${stays}; write ${insteadOfSign(text, context)}`
  if (/^P[0-4]$/.test(text)) return `${stays}; the priorities are p1 (critical) to p4 (low)`
  const [, name, value] = /^([A-Za-z][A-Za-z_.-]+):((?![/:\\]).*)$/.exec(text) ?? []
  if (name === undefined) return undefined
  if (value === '') return markNames.includes(name) ? `${stays}, since nothing stands behind it` : undefined
  const near = markNames.includes(name.toLowerCase()) ? name.toLowerCase() : suggest(name, markNames)
  const instead = Object.hasOwn(elsewhere, name) ? elsewhere[name] : undefined
  if (instead !== undefined) return `${stays}; there is no mark ${name}: here, write ${instead}`
  if (near !== undefined) return `${stays}, did you mean ${near}:?`
  return /^\d+$/.test(value!) ? undefined : `${stays}; there is no mark ${name}:`
}

const readWord = (reader: Reader, word: Word): void => {
  const { context, result } = reader
  const mark = markOf(word.text, context.dialect, context.edit)
  const isFirst = reader.title.length === 0
  const letter = /^\(([A-Z])\)$/.exec(word.text)?.[1]
  if (letter !== undefined && isFirst && result.priority === undefined) {
    if (context.dialect === 'todotxt') {
      result.priority = todoTxtPriority(letter)!
      return
    }
    result.warnings.push(
      `"${word.text}" stays text; write pri:${todoTxtPriority(letter)}, or \`todo config set dialect todotxt\``,
    )
  }
  if (mark !== undefined && marks[mark.kind]!(reader, mark.value, word)) return
  const warning = warningFor(word.text, context)
  if (warning !== undefined) result.warnings.push(warning)
  reader.title.push(word)
}

/** A date at the end of a title counts only in Todoist's dialect; elsewhere it is worth a hint if it is plain. */
const readTrailingDate = ({ context, result, title }: Reader): void => {
  if (result.due !== undefined || context.edit) return
  const plain = context.dialect === 'todo' ? title.filter(({ text }) => !/^[@#]/.test(text)) : title
  const found = dueAtEnd(plain, context)
  if (found === undefined) return
  const words = joined(plain.slice(-found.taken))
  if (context.dialect === 'todoist') {
    result.due = found.due
    title.splice(-found.taken)
  } else if (/today|tomorrow|[a-z]{3}day\b|^(?:in|next) /i.test(words)) {
    const mark = /\s/.test(words) ? `due:'${words}'` : `due:${words}`
    result.warnings.push(`"${words}" stays text; write ${mark} for a due date`)
  }
}

/** One fault stands for itself; of several each brings its own hint along. */
const throwAll = (faults: AppError[]): void => {
  const [first] = faults
  if (first === undefined) return
  if (faults.length === 1) throw first
  const fields = faults.flatMap(({ fields: own, hint }) =>
    own.map((field) => ({ ...field, message: `${field.message}; ${clauseOf(hint ?? '')}` })),
  )
  const message = fields.map((field) => field.message).join('; ')
  throw new AppError('invalid', message, { reason: first.reason ?? 'invalid', fields })
}

/**
 * Reads the words of `add` and `edit`: marks anywhere, `/` by itself in front of the note, `--` by itself in front of
 * literal title. A word that only resembles a mark stays in the title, with a warning where it was probably meant as
 * one. A bad date, priority or lead time, and a second date or project, throw `invalid`, all of them at once.
 */
export const parseQuickAdd = (args: string[], context: QuickAddContext): QuickAdd => {
  const result: QuickAdd = { title: '', tags: [], removedTags: [], warnings: [] }
  const reader: Reader = { context, result, title: [], rest: wordsOf(args) }
  const literal: Word[] = []
  const faults: AppError[] = []
  while (reader.rest.length > 0) {
    const word = reader.rest.shift()!
    if (word.text === '--' && word.alone) literal.push(...reader.rest.splice(0))
    else if (word.text === '/') result.note = joined(reader.rest.splice(0))
    else {
      try {
        readWord(reader, word)
      } catch (error) {
        if (!(error instanceof AppError)) throw error
        faults.push(error)
      }
    }
  }
  throwAll(faults)
  readTrailingDate(reader)
  result.title = joined([...reader.title, ...literal])
  return result
}
