import type { Prompt, PromptKind, State } from '../model.ts'
import { emptyLine, type Line, lineKeys, lineOf, replaceWord } from './line.ts'

type Opening = Partial<Pick<Prompt, 'ids' | 'echo' | 'lines' | 'onYes'>> & { text?: string }

export const prompting = (state: State, kind: PromptKind, { text, ...rest }: Opening = {}): State => ({
  ...state,
  typed: '',
  prompt: {
    kind,
    line: text === undefined ? emptyLine : lineOf(text),
    ids: [],
    echo: '',
    problem: null,
    choices: [],
    choice: null,
    history: -1,
    row: 0,
    lines: [],
    onYes: null,
    ...rest,
  },
})

export const closed = (state: State): State => (state.prompt === null ? state : { ...state, prompt: null })

export const withPrompt = (state: State, change: Partial<Prompt>): State =>
  state.prompt === null ? state : { ...state, prompt: { ...state.prompt, ...change } }

const withLine = (state: State, line: Line): State =>
  withPrompt(state, { line, choices: [], choice: null, history: -1, row: 0 })

/** A key of readline; null when it is none. */
export function editedBy(line: Line, key: string): Line | null {
  return Object.hasOwn(lineKeys, key) ? lineKeys[key]!.act(line) : null
}

export const typedLine = (state: State, line: Line): State => withLine(state, line)

/** Tab puts the first completion in, again the next; Shift-Tab goes round the other way. */
export function completed(state: State, by: 1 | -1, find: () => string[]): State {
  const { prompt } = state
  if (prompt === null) return state
  const choices = prompt.choice === null ? find() : prompt.choices
  if (choices.length === 0) return state
  const at = prompt.choice === null ? (by > 0 ? 0 : choices.length - 1) : prompt.choice + by
  const choice = (at + choices.length) % choices.length
  return withPrompt(state, { line: replaceWord(prompt.line, choices[choice]!), choices, choice })
}

/** Goes back in what was typed before, and forward again to what is being typed. */
export function recalled(state: State, by: 1 | -1, history: readonly string[]): State {
  const { prompt } = state
  if (prompt === null) return state
  const at = Math.max(-1, Math.min(history.length - 1, prompt.history + by))
  if (at === prompt.history) return state
  const text = at < 0 ? '' : history[history.length - 1 - at]!
  return withPrompt(state, { line: lineOf(text), history: at, choices: [], choice: null })
}
