import type { Board } from '../board.ts'
import type { Card, Operation } from '../model.ts'
import { findCard } from '../state/columns.ts'
import { type Planned, reordered, toColumn, toStatus } from '../state/moves.ts'
import { tell } from '../state/notices.ts'
import { dropped, firstRejected, retried } from '../state/pending.ts'
import { prompting } from '../state/prompts.ts'
import { screenOf } from '../state/screens.ts'
import { focused, selected, selectTask, targets, toggleMarks } from '../state/select.ts'
import { change, drain } from '../work/change.ts'
import { editNote } from '../work/editor.ts'
import { openForm } from '../work/form.ts'
import { readOn, refresh } from '../work/load.ts'
import { revert } from '../work/revert.ts'

/** More than this and a change asks first, as the commands of the shell do. */
const asksAbove = 3

/** The tasks that a command is about: the open one, the marked ones, or the selected one. */
export function cardsFor(board: Board): Card[] {
  const state = board.store.get()
  const screen = screenOf(state)
  if (screen.kind === 'detail') return screen.task === null ? [] : [screen.task]
  return targets(state).flatMap((id) => findCard(state, id) ?? [])
}

const count = (cards: Card[], verb: string): string => {
  const [first] = cards
  return cards.length === 1 ? `${verb}: ${first!.title}` : `${verb}: ${cards.length} tasks`
}

/** Does it at once, or asks with the count when it is about many. Marks go when it is done. */
export function changeCards(
  board: Board,
  cards: Card[],
  verb: string,
  plan: (card: Card) => Planned | string | null,
): void {
  const operations: Operation[] = []
  const patches = new Map<number, Partial<Card> | null>()
  for (const card of cards) {
    const planned = plan(card)
    if (typeof planned === 'string') {
      board.store.update((state) => tell(state, 'error', planned))
      return
    }
    if (planned === null) continue
    operations.push(planned.operation)
    patches.set(card.id, planned.patch)
  }
  if (operations.length === 0) return
  const act = () => {
    board.store.update((state) => ({ ...state, marks: new Set<number>() }))
    change(board, { label: count(cards, verb), operations, patches })
    board.last = () => changeCards(board, cardsFor(board), verb, plan)
  }
  const asking = { echo: `${verb}: ${cards.length} tasks?`, onYes: act }
  if (cards.length <= asksAbove) act()
  else board.store.update((state) => prompting(state, 'confirm', asking))
}

function toggleDone(board: Board): void {
  const cards = cardsFor(board)
  const reopens = cards.every((card) => card.status === 'done')
  changeCards(board, cards, reopens ? 'Open again' : 'Done', (card) =>
    reopens ? toStatus(card, 'todo') : card.status === 'done' ? null : toStatus(card, 'done'),
  )
}

function toggleStart(board: Board): void {
  const cards = cardsFor(board)
  const stops = cards.every((card) => card.status === 'doing')
  changeCards(board, cards, stops ? 'Stopped' : 'Started', (card) => toStatus(card, stops ? 'todo' : 'doing'))
}

/** Into the column `by` further; the selection goes along with a single card. */
function moveAcross(board: Board, by: number): void {
  const { focus } = board.store.get()
  moveInto(board, focus + by)
}

export function moveInto(board: Board, index: number): void {
  const state = board.store.get()
  const into = state.columns[index]
  const cards = cardsFor(board)
  if (into === undefined || cards.length === 0) return
  changeCards(board, cards, `To ${into.title}`, (card) => toColumn(card, focused(state), into))
  const limit = state.limits[into.key]
  board.store.update((now) => {
    const next = cards.length === 1 ? selectTask(now, cards[0]!.id) : now
    const total = next.columns[index]?.total ?? 0
    if (limit === undefined || total <= limit || next.prompt !== null) return next
    return tell(next, 'info', `${into.title} has ${total} of at most ${limit}.`)
  })
}

function moveAlong(board: Board, by: 1 | -1): void {
  const card = selected(board.store.get())
  if (card !== null) changeCards(board, [card], 'Moved', () => reordered(board.store.get(), by))
  readOn(board)
}

const highest = 4

function raise(card: Card): Planned {
  const id = card.priority_id >= highest ? 1 : card.priority_id + 1
  return { operation: { op: 'update', id: card.id, body: { priority_id: id } }, patch: { priority_id: id } }
}

/** A line that asks for a value of the tasks that are meant. */
function ask(board: Board, kind: 'tags' | 'due' | 'project' | 'move'): void {
  const ids = cardsFor(board).map(({ id }) => id)
  if (ids.length > 0) board.store.update((state) => prompting(state, kind, { ids }))
}

function askTitle(board: Board): void {
  const card = selected(board.store.get())
  if (card !== null)
    board.store.update((state) => prompting(state, 'title', { ids: [card.id], text: card.title }))
}

function again(board: Board, act: typeof retried | typeof dropped): void {
  const op = firstRejected(board.store.get())
  if (op === null) {
    board.store.update((state) => tell(state, 'info', 'Nothing was refused.'))
    return
  }
  board.store.update((state) => ({ ...act(state, op.id), notice: null }))
  void drain(board).then(() => refresh(board))
}

export const changeCommands = {
  add: (board: Board) => board.store.update((state) => prompting(state, 'add')),
  done: toggleDone,
  start: toggleStart,
  edit: (board: Board) => void openForm(board, cardsFor(board)[0]?.id),
  title: askTitle,
  'move-left': (board: Board, by: number) => moveAcross(board, -by),
  'move-right': (board: Board, by: number) => moveAcross(board, by),
  'move-down': (board: Board) => moveAlong(board, 1),
  'move-up': (board: Board) => moveAlong(board, -1),
  move: (board: Board) => ask(board, 'move'),
  priority: (board: Board) => changeCards(board, cardsFor(board), 'Priority', raise),
  tags: (board: Board) => ask(board, 'tags'),
  due: (board: Board) => ask(board, 'due'),
  project: (board: Board) => ask(board, 'project'),
  note: (board: Board) => void editNote(board, cardsFor(board)[0]?.id),
  delete: (board: Board) =>
    changeCards(board, cardsFor(board), 'Deleted', (card) => ({
      operation: { op: 'delete', id: card.id },
      patch: null,
    })),
  undo: (board: Board, times: number) => void revert(board, 'undo', times),
  redo: (board: Board, times: number) => void revert(board, 'redo', times),
  repeat: (board: Board) => board.last?.(),
  mark: (board: Board) =>
    board.store.update((state) => {
      const card = selected(state)
      return card === null ? state : toggleMarks(state, [card.id])
    }),
  'mark-all': (board: Board) =>
    board.store.update((state) => toggleMarks(state, focused(state)?.items.map(({ id }) => id) ?? [])),
  retry: (board: Board) => again(board, retried),
  drop: (board: Board) => again(board, dropped),
}
