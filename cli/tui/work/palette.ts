import { Fzf } from 'fzf'
import type { Board } from '../board.ts'
import { runCommand } from '../commands/run.ts'
import { keyText } from '../key-text.ts'
import { type Binding, bindings, type CommandName } from '../keys.ts'
import type { Prompt, State } from '../model.ts'
import { screenOf } from '../state/screens.ts'
import { selectTask } from '../state/select.ts'
import { goTo } from './contexts.ts'
import { applyFilter } from './filter.ts'

export type Choice = {
  text: string
  key: string
  /** Which letters of the text were typed. */
  positions: ReadonlySet<number>
  run: (board: Board) => void
}

const mostChoices = 100

/** Keys that only move are quicker than any search for them. */
function commandChoices(state: State): Choice[] {
  const screen = screenOf(state).kind
  return bindings.flatMap((binding) => {
    const { name, does, on, keys, group }: Binding = binding
    if (!on.includes(screen) || name === 'palette') return []
    const text = `${name.replaceAll('-', ' ')}: ${does}`
    const run = (board: Board) => runCommand(board, name as CommandName, 1)
    return [{ text, key: keyText(keys[0] ?? ''), positions: new Set<number>(), run, group }]
  })
}

const filterChoice = (text: string, filter: string): Choice => ({
  text,
  key: '',
  positions: new Set<number>(),
  run: (board) => applyFilter(board, filter),
})

function nameChoices(state: State): Choice[] {
  return [
    ...state.tags.map(({ name }) => filterChoice(`tag +${name}`, `+${/\s/.test(name) ? `"${name}"` : name}`)),
    ...state.projects.map((name) => filterChoice(`project ${name}`, `project:${name}`)),
    ...state.places.map(({ name }) => ({
      text: `context ${name}`,
      key: '',
      positions: new Set<number>(),
      run: (board: Board) => goTo(board, name),
    })),
    ...state.filters.map((text) => filterChoice(`filter ${text}`, text)),
  ]
}

const taskChoices = (state: State): Choice[] =>
  state.columns.flatMap((column) =>
    column.items.map((card) => ({
      text: `#${card.id} ${card.title}`,
      key: '',
      positions: new Set<number>(),
      run: (board: Board) => board.store.update((now) => selectTask(now, card.id)),
    })),
  )

/** Commands, tags, projects, filters and the tasks that are here, the best match first. */
export function paletteChoices(state: State, text: string): Choice[] {
  const all = [...commandChoices(state), ...nameChoices(state), ...taskChoices(state)]
  if (text.trim() === '') return all.slice(0, mostChoices)
  const finder = new Fzf(all, { selector: (choice: Choice) => choice.text, limit: mostChoices })
  const found: { item: Choice; positions: Set<number> }[] = finder.find(text.trim())
  return found.map(({ item, positions }) => ({ ...item, positions }))
}

export function runChosen(board: Board, prompt: Prompt): void {
  const choices = paletteChoices(board.store.get(), prompt.line.text)
  choices[Math.min(prompt.row, choices.length - 1)]?.run(board)
}
