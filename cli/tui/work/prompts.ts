import { priorityNames } from '../../../shared/priorities.ts'
import type { Board } from '../board.ts'
import { changeCards, moveInto } from '../commands/change.ts'
import type { Card, Prompt, PromptKind, State } from '../model.ts'
import { findCard } from '../state/columns.ts'
import { wordAtCursor } from '../state/line.ts'
import { tell } from '../state/notices.ts'
import { prompting } from '../state/prompts.ts'
import { onScreen, screenOf } from '../state/screens.ts'
import { addTask } from './add.ts'
import { applyFilter, explainFilter, setFilter } from './filter.ts'
import { runChosen } from './palette.ts'
import { readDue, readNew, readTags } from './read-words.ts'

export type PromptSpec = {
  label: string
  /** How the words are understood so far. */
  read?: (board: Board, text: string) => Pick<Prompt, 'echo' | 'problem'>
  /** After each key. */
  typed?: (board: Board, text: string) => void
  choices?: (state: State) => string[]
  /** Enter. The line is closed before. */
  submit: (board: Board, prompt: Prompt) => void
  /** Escape. */
  cancel?: (board: Board) => void
}

const startingWith = (word: string, names: string[]): string[] =>
  names.filter((name) => name.toLowerCase().startsWith(word.toLowerCase()) && name !== word)

const dateWords = ['today', 'tomorrow', 'monday', 'friday', 'next week', 'eom', '+1d', '+1w']

/** Tags behind `+` and `-`, projects, priorities and dates behind their marks. */
export function choicesFor(state: State): string[] {
  const { prompt } = state
  if (prompt === null) return []
  const { word } = wordAtCursor(prompt.line)
  const tags = state.tags.map(({ name }) => (/\s/.test(name) ? `"${name}"` : name))
  const marks: [RegExp, string[]][] = [
    [/^[+-]/, tags],
    [/^(?:project|proj):/, state.projects],
    [/^(?:pri|priority):/, [...priorityNames].reverse()],
    [/^due(?:\.\w+)?:/, dateWords.filter((date) => !date.includes(' '))],
    [/^status:/, ['todo', 'doing', 'done']],
  ]
  for (const [mark, names] of marks) {
    const [found] = mark.exec(word) ?? []
    if (found !== undefined) return startingWith(word.slice(found.length), names).map((name) => found + name)
  }
  return []
}

const cardsOf = (board: Board, prompt: Prompt): Card[] => {
  const state = board.store.get()
  const screen = screenOf(state)
  const open = screen.kind === 'detail' ? screen.task : null
  return prompt.ids.flatMap((id) => findCard(state, id) ?? (open?.id === id ? open : []))
}

function submitTags(board: Board, prompt: Prompt): void {
  const { add, remove } = readTags(prompt.line.text)
  if (add.length + remove.length === 0) return
  const { tags: known } = board.store.get()
  changeCards(
    board,
    cardsOf(board, prompt),
    `Tagged ${[...add, ...remove.map((tag) => `-${tag}`)].join(' ')}`,
    (card) => {
      const kept = card.tags.filter(({ name }) => ![...add, ...remove].includes(name))
      const put = add.map((name) => ({
        id: 0,
        name,
        color: known.find((tag) => tag.name === name)?.color ?? null,
      }))
      const body = {
        ...(add.length > 0 && { add_tags: add }),
        ...(remove.length > 0 && { remove_tags: remove }),
      }
      return { operation: { op: 'update', id: card.id, body }, patch: { tags: [...kept, ...put] } }
    },
  )
}

function submitDue(board: Board, prompt: Prompt): void {
  const { fields, echo, problem } = readDue(board, prompt.line.text)
  if (fields === null) {
    board.store.update((state) => tell(state, 'error', `Due: ${problem?.message ?? ''}`))
    return
  }
  changeCards(board, cardsOf(board, prompt), `Due ${echo}`, (card) => ({
    operation: { op: 'update', id: card.id, body: fields },
    patch: fields,
  }))
}

function submitProject(board: Board, prompt: Prompt): void {
  const project = prompt.line.text.trim() === '' ? null : prompt.line.text.trim()
  changeCards(
    board,
    cardsOf(board, prompt),
    project === null ? 'Out of its project' : `To ${project}`,
    (card) => ({
      operation: { op: 'update', id: card.id, body: { project } },
      patch: { project },
    }),
  )
}

function submitTitle(board: Board, prompt: Prompt): void {
  const title = prompt.line.text.trim()
  const [card] = cardsOf(board, prompt)
  if (card === undefined || title === '' || title === card.title) return
  changeCards(board, [card], 'Changed', () => ({
    operation: { op: 'update', id: card.id, body: { title } },
    patch: { title },
  }))
}

function submitMove(board: Board, prompt: Prompt): void {
  const { columns } = board.store.get()
  const wanted = prompt.line.text.trim().toLowerCase()
  const at = columns.findIndex(
    ({ title }, n) => title.toLowerCase().startsWith(wanted) || wanted === String(n + 1),
  )
  if (at >= 0 && wanted !== '') moveInto(board, at)
  else board.store.update((state) => tell(state, 'error', `There is no column “${prompt.line.text}”.`))
}

const askPaste = (board: Board, lines: string[]) =>
  board.store.update((state) => prompting(state, 'paste', { lines }))

/** Every line that asks for something. What is not submitted changes nothing. */
export const promptSpecs: Record<PromptKind, PromptSpec> = {
  add: {
    label: 'add',
    read: (board, text) => readNew(board, text).reading,
    choices: choicesFor,
    submit: (board, { line }) => addTask(board, line.text),
  },
  filter: {
    label: '/',
    read: explainFilter,
    typed: setFilter,
    choices: choicesFor,
    submit: (board, { line }) => applyFilter(board, line.text),
    cancel: (board) => applyFilter(board, ''),
  },
  title: { label: 'title', choices: choicesFor, submit: submitTitle },
  due: { label: 'due', read: readDue, choices: (state) => wordChoices(state, dateWords), submit: submitDue },
  tags: { label: 'tags', choices: choicesFor, submit: submitTags },
  project: {
    label: 'project',
    choices: (state) => wordChoices(state, state.projects),
    submit: submitProject,
  },
  move: {
    label: 'move to',
    choices: (state) =>
      wordChoices(
        state,
        state.columns.map(({ title }) => title),
      ),
    submit: submitMove,
  },
  palette: { label: ':', submit: runChosen },
  help: {
    label: 'search',
    typed: (board, search) =>
      board.store.update((state) => onScreen(state, 'help', (screen) => ({ ...screen, search, scroll: 0 }))),
    submit: () => {},
  },
  paste: {
    label: 'pasted',
    submit: (board, { lines }) => {
      for (const line of lines) addTask(board, line)
    },
  },
  confirm: { label: '', submit: (_board, { onYes }) => onYes?.() },
}

function wordChoices(state: State, names: string[]): string[] {
  return state.prompt === null ? [] : startingWith(wordAtCursor(state.prompt.line).word, names)
}

/** Many pasted lines are many tasks or one: the user says which. One line is text like any other. */
export function pasteInto(board: Board, text: string): string | null {
  const lines = text.split(/\r\n|\r|\n/).map((line) => line.trim())
  const filled = lines.filter((line) => line !== '')
  const { prompt } = board.store.get()
  if (filled.length > 1 && (prompt === null || prompt.kind === 'add')) {
    askPaste(board, filled)
    return null
  }
  return filled.join(' ')
}
