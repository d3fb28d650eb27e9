import type { Board } from '../board.ts'
import { jumpToColumn } from '../commands/move.ts'
import { runCommand } from '../commands/run.ts'
import { lookUp } from '../keys.ts'
import { formFields } from '../model.ts'
import { toField } from '../state/form.ts'
import { insert } from '../state/line.ts'
import { dismissed } from '../state/notices.ts'
import { closed, completed, editedBy, recalled, typedLine, withPrompt } from '../state/prompts.ts'
import { back, screenOf } from '../state/screens.ts'
import { saveForm, setForm } from '../work/form.ts'
import { paletteChoices } from '../work/palette.ts'
import { pasteInto, promptSpecs } from '../work/prompts.ts'
import { handleMouse } from './mouse.ts'
import type { Input } from './parse.ts'

/** A number alone jumps to that column when nothing follows it within this. */
const jumpAfterMs = 400

const timers = new WeakMap<Board, NodeJS.Timeout>()

/** Everything that comes from the terminal goes to what is in front: a line, a form, or the screen. */
export function handle(board: Board, input: Input): void {
  clearTimeout(timers.get(board))
  if (input.kind === 'mouse') handleMouse(board, input)
  else if (input.kind === 'paste') paste(board, input.text)
  else if (input.kind === 'key') pressed(board, input.key)
}

function pressed(board: Board, key: string): void {
  const state = board.store.get()
  if (key === 'ctrl-c') runCommand(board, 'interrupt', 1)
  else if (key === 'ctrl-z') runCommand(board, 'suspend', 1)
  else if (state.prompt !== null) promptKey(board, key)
  else if (screenOf(state).kind === 'form') formKey(board, key)
  else screenKey(board, key)
}

/** The count that may stand in front of a key, and the keys behind it. */
function split(typed: string): { count: number; keys: string[] } {
  const [, digits = '', rest = ''] = /^((?:[1-9]\d*)?) ?(.*)$/.exec(typed) ?? []
  return {
    count: digits === '' ? 1 : Math.min(Number(digits), 1_000_000),
    keys: rest === '' ? [] : rest.split(' '),
  }
}

function screenKey(board: Board, key: string): void {
  const state = board.store.get()
  const before = split(state.typed)
  const isDigit = /^\d$/.test(key) && before.keys.length === 0 && (key !== '0' || state.typed !== '')
  if (isDigit) {
    digit(board, state.typed + key)
    return
  }
  const keys = [...before.keys, key]
  const found = lookUp(board.keys, screenOf(state).kind, keys)
  if (found === 'unfinished') {
    const typed = `${state.typed.replace(/ .*$/, '').replace(/\D.*$/, '')} ${keys.join(' ')}`
    board.store.update((now) => ({ ...now, typed }))
    return
  }
  board.store.update((now) => {
    const isEscape = found !== null && found.name === 'cancel'
    const next = isEscape || (found !== null && found.name === 'problem') ? now : dismissed(now)
    return next.typed === '' ? next : { ...next, typed: '' }
  })
  if (found !== null) runCommand(board, found.name, before.count)
}

function digit(board: Board, typed: string): void {
  board.store.update((state) => ({ ...state, typed }))
  if (screenOf(board.store.get()).kind !== 'tasks' || typed.length > 1) return
  const jump = () => {
    board.store.update((state) => ({ ...state, typed: '' }))
    jumpToColumn(board, Number(typed))
  }
  timers.set(board, setTimeout(jump, jumpAfterMs))
}

function promptKey(board: Board, key: string): void {
  const { prompt } = board.store.get()
  if (prompt === null) return
  if (prompt.kind === 'confirm' || prompt.kind === 'paste') {
    answer(board, key)
    return
  }
  const spec = promptSpecs[prompt.kind]
  if (key === 'escape' || key === 'ctrl-g') {
    board.store.update(closed)
    spec.cancel?.(board)
  } else if (key === 'enter') {
    if (prompt.problem !== null && prompt.kind !== 'filter') return
    board.store.update(closed)
    spec.submit(board, prompt)
  } else if (key === 'tab' || key === 'shift-tab') {
    board.store.update((state) => completed(state, key === 'tab' ? 1 : -1, () => spec.choices?.(state) ?? []))
    understood(board)
  } else if (key === 'up' || key === 'down' || key === 'ctrl-p' || key === 'ctrl-n') {
    upOrDown(board, key === 'up' || key === 'ctrl-p' ? 1 : -1)
  } else {
    const isText = key === 'space' || [...key].length === 1
    const line = isText ? insert(prompt.line, key === 'space' ? ' ' : key) : editedBy(prompt.line, key)
    if (line === null) return
    board.store.update((state) => typedLine(state, line))
    understood(board)
  }
}

/** The palette has rows to choose from, the filter a history. */
function upOrDown(board: Board, by: 1 | -1): void {
  const state = board.store.get()
  const { prompt } = state
  if (prompt?.kind === 'palette') {
    const most = paletteChoices(state, prompt.line.text).length - 1
    const row = Math.max(0, Math.min(most, prompt.row - by))
    board.store.update((now) => withPrompt(now, { row }))
  } else if (prompt?.kind === 'filter') {
    board.store.update((now) => recalled(now, by, now.filters))
    understood(board)
  }
}

/** What the words mean so far, under them. */
function understood(board: Board): void {
  const { prompt } = board.store.get()
  if (prompt === null) return
  const spec = promptSpecs[prompt.kind]
  const { text } = prompt.line
  if (spec.read !== undefined) {
    const reading = spec.read(board, text)
    board.store.update((state) => withPrompt(state, reading))
  }
  spec.typed?.(board, text)
}

/** y and n; of pasted lines also 1, for one task of all of them. */
function answer(board: Board, key: string): void {
  const { prompt } = board.store.get()
  if (prompt === null) return
  if (!['y', 'n', '1', 'enter', 'escape', 'q'].includes(key)) return
  board.store.update(closed)
  if (key === 'y') promptSpecs[prompt.kind].submit(board, prompt)
  else if (key === '1' && prompt.kind === 'paste') {
    promptSpecs.paste.submit(board, { ...prompt, lines: [prompt.lines.join(' ')] })
  }
}

function paste(board: Board, pasted: string): void {
  const text = pasteInto(board, pasted)
  const { prompt } = board.store.get()
  if (text === null || text === '') return
  if (screenOf(board.store.get()).kind === 'form') {
    setForm(board, (form) => ({ ...form, line: insert(form.line, text) }))
  } else if (prompt !== null) {
    board.store.update((state) => typedLine(state, insert(prompt.line, text)))
    understood(board)
  }
}

function formKey(board: Board, key: string): void {
  const screen = screenOf(board.store.get())
  if (screen.kind !== 'form') return
  const { form } = screen
  if (key === 'escape') board.store.update((state) => dismissed(back(state), true))
  else if (key === 'ctrl-s') void saveForm(board)
  else if (key === 'enter' && form.field === formFields.length - 1) void saveForm(board)
  else if (['tab', 'down', 'enter', 'ctrl-n'].includes(key)) setForm(board, (one) => toField(one, 1))
  else if (['shift-tab', 'up', 'ctrl-p'].includes(key)) setForm(board, (one) => toField(one, -1))
  else {
    const isText = key === 'space' || [...key].length === 1
    const line = isText ? insert(form.line, key === 'space' ? ' ' : key) : editedBy(form.line, key)
    if (line !== null) setForm(board, (one) => ({ ...one, line }))
  }
}
