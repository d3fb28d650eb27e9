import { localName } from '../../credentials.ts'
import { formatDate } from '../../dates/describe.ts'
import { escapeControls } from '../../text.ts'
import { keyText } from '../key-text.ts'
import { type Binding, bindings, type Keys } from '../keys.ts'
import { formFields, type Screen, type State } from '../model.ts'
import { paletteChoices } from '../work/palette.ts'

/** Rows that the sentences around it need. */
const otherRows = 8

const place = (index: number, all: readonly unknown[]) => `${index + 1} of ${all.length}`

/** A list as the one that is chosen of it. */
function chosen<T>(name: string, items: T[] | null, index: number, sentence: (item: T) => string): string[] {
  if (items === null) return [`${name}: loading.`]
  const item = items[index]
  return [item === undefined ? `${name}: none yet.` : `${name}, ${place(index, items)}. ${sentence(item)}`]
}

function spokenForm({ form }: Extract<Screen, { kind: 'form' }>): string[] {
  const name = formFields[form.field]!
  const problem = form.problems[name]
  const theirs = form.theirs === null ? [] : ['Somebody else changed this task meanwhile.']
  return [
    `Field ${name}, ${place(form.field, formFields)}: ${escapeControls(form.line.text)}`,
    ...(problem === undefined ? [] : [`Wrong: ${problem}`]),
    ...theirs,
  ]
}

function spokenHelp(state: State, { over, scroll }: Extract<Screen, { kind: 'help' }>, keys: Keys): string[] {
  const here = bindings.filter(({ on }: Binding) => on.includes(over))
  const rows = here.map(({ name, does }) => `${(keys.get(name) ?? []).map(keyText).join(', ')}: ${does}`)
  return ['Help.', ...rows.slice(scroll, scroll + Math.max(1, state.size.rows - otherRows))]
}

/** What a screen other than the tasks and one task says of itself. */
export function spokenOther(
  state: State,
  screen: Exclude<Screen, { kind: 'tasks' | 'detail' }>,
  keys: Keys,
): string[] {
  switch (screen.kind) {
    case 'form':
      return spokenForm(screen)
    case 'recurring':
      return chosen(
        'Recurring tasks',
        screen.items,
        screen.index,
        ({ title, rule, next }) => `${escapeControls(title)}, ${escapeControls(rule)}. ${next}.`,
      )
    case 'log':
      return chosen(
        'Notifications',
        screen.items,
        screen.index,
        ({ status, kind, target, created_at }) =>
          `${status}, by ${kind} to ${escapeControls(target)}, ${formatDate({ at: created_at }, state)}.`,
      )
    case 'contexts':
      return chosen('Contexts', state.places, screen.index, ({ name, address, who }) => {
        const isHere = name === (state.place ?? localName)
        const words = [name, address, who].filter((word) => word !== '').map((word) => escapeControls(word))
        return `${words.join(', ')}.${isHere ? ' You are here.' : ''}`
      })
    case 'help':
      return spokenHelp(state, screen, keys)
    case 'problem':
      return [escapeControls(screen.text, { keepLines: true })]
  }
}

/** The chosen row of the palette. */
export function spokenPalette(state: State, text: string, row: number): string {
  const choices = paletteChoices(state, text)
  const choice = choices[Math.min(row, choices.length - 1)]
  if (choice === undefined) return 'Nothing is called that.'
  const key = choice.key === '' ? '' : `, ${choice.key}`
  return `${place(Math.min(row, choices.length - 1), choices)}: ${escapeControls(choice.text)}${key}`
}
