import type { Task } from '../../../shared/api/task.ts'
import { priorityNames } from '../../../shared/priorities.ts'
import { differences, eventWord } from '../../events.ts'
import { taskTable } from '../../format.ts'
import { hintsFor, type Keys } from '../keys.ts'
import type { Card, State } from '../model.ts'
import { describedView } from '../state/described.ts'
import { screenOf } from '../state/screens.ts'
import { focused, selected } from '../state/select.ts'

/** A card as the sentence that `todo list` says in its accessible form. */
function sentence(card: Card, state: State): string {
  const name = priorityNames[card.priority_id - 1] ?? 'medium'
  const task = { ...card, priority: { name } } as unknown as Task
  const view = { now: state.now, timeZone: state.timeZone, color: false, width: null, accessible: true }
  return taskTable([task], view).trimEnd()
}

/**
 * The board for those who listen to the screen: few lines, each a sentence, nothing that is only a place, a sign or a
 * colour. What changed comes last, since that is what is read out.
 */
export function spokenRows(state: State, keys: Keys): string[] {
  const rows = [`todo, ${describedView(state)}.`, ...spokenScreen(state)]
  if (state.offlineSince !== null)
    rows.push(`The service is away. Changes wait. ${state.offlineWhy ?? ''}`.trim())
  if (state.notice !== null)
    rows.push(`${state.notice.kind === 'error' ? 'Error: ' : ''}${state.notice.text}`)
  const { prompt } = state
  if (prompt !== null) {
    rows.push(`${prompt.kind}: ${prompt.line.text}`)
    if (prompt.problem !== null) rows.push(`Not understood: ${prompt.problem.message}`)
    else if (prompt.echo !== '') rows.push(prompt.echo)
  } else
    rows.push(
      `Keys: ${hintsFor(keys, screenOf(state).kind)
        .map(({ key, word }) => `${key} ${word}`)
        .join(', ')}.`,
    )
  return rows
}

function spokenScreen(state: State): string[] {
  const screen = screenOf(state)
  if (screen.kind === 'detail') {
    const history = screen.history?.slice(0, 5) ?? []
    const view = { now: state.now, timeZone: state.timeZone, color: false, width: null }
    const task = screen.task === null ? [] : [sentence(screen.task, state), screen.task.description]
    const said = history.map((event) => `${eventWord(event.event_type)} ${differences(event, view)}`.trim())
    return [...task.filter((row) => row !== ''), ...said]
  }
  if (screen.kind !== 'tasks') return [`${screen.kind}.`]
  const column = focused(state)
  if (column === undefined) return []
  const card = selected(state)
  const place = card === null ? 'empty' : `${column.index + 1} of ${column.total ?? column.items.length}`
  const marked = card !== null && state.marks.has(card.id) ? ' Marked.' : ''
  return [
    `Column ${column.title}, ${place}.`,
    ...(card === null ? [] : [`${sentence(card, state)}${marked}`]),
  ]
}
