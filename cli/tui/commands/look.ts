import type { Board } from '../board.ts'
import { type Grouping, type LayoutName, layouts, type Where } from '../model.ts'
import { tell } from '../state/notices.ts'
import { prompting } from '../state/prompts.ts'
import { opened, screenOf } from '../state/screens.ts'
import { selected } from '../state/select.ts'
import { openNamed, readNames, renew } from '../work/load.ts'
import { readDetail, readLog, readRecurring } from '../work/screens.ts'
import { cardsFor } from './change.ts'

/** The same tasks another way: the selection stays on its task. */
function look(board: Board, change: (where: Where) => Where): void {
  const card = selected(board.store.get())
  board.store.update((state) => ({ ...state, where: change(state.where), focus: 0 }))
  void openNamed(board, card?.id ?? null)
}

const nextLayout = (layout: LayoutName): LayoutName =>
  layouts[(layouts.indexOf(layout) + 1) % layouts.length]!

function group(board: Board, by: Grouping): void {
  look(board, (where) => ({ ...where, by, layout: where.layout === 'list' ? 'board' : where.layout }))
}

/** Null is each column's own order. */
const sorts = [null, 'due', '-priority', 'urgency', '-created', 'title'] as const

function nextSort(board: Board): void {
  const at = sorts.indexOf(board.store.get().where.sort as (typeof sorts)[number])
  const sort = sorts[(at + 1) % sorts.length]!
  look(board, (where) => ({ ...where, sort }))
  board.store.update((state) =>
    tell(state, 'info', sort === null ? 'The usual order.' : `Sorted by ${sort.replace('-', '')}.`),
  )
}

/** OSC 52: the terminal puts it into the clipboard of the machine that the user sits at, over ssh too. */
function copy(board: Board, text: string, what: string): void {
  board.write(`\x1b]52;c;${Buffer.from(text).toString('base64')}\x07`)
  board.store.update((state) => tell(state, 'done', `Copied ${what}.`))
}

function copyLink(board: Board): void {
  const [card] = cardsFor(board)
  if (card === undefined) return
  const target = board.context.target()
  const link = target === null ? `todo show ${card.id}` : `${target.place.url}/api/me/tasks/${card.id}`
  copy(board, link, link)
}

async function readAll(board: Board): Promise<void> {
  board.redraw()
  const screen = screenOf(board.store.get())
  if (screen.kind === 'detail') await readDetail(board, screen.id)
  if (screen.kind === 'recurring') await readRecurring(board)
  if (screen.kind === 'log') await readLog(board)
  await Promise.all([readNames(board), renew(board)])
}

export const lookCommands = {
  filter: (board: Board) =>
    board.store.update((state) => prompting(state, 'filter', { text: state.filter.text })),
  layout: (board: Board) => look(board, (where) => ({ ...where, layout: nextLayout(where.layout) })),
  'by-status': (board: Board) => group(board, 'status'),
  'by-priority': (board: Board) => group(board, 'priority'),
  'by-tag': (board: Board) => group(board, 'tag'),
  'by-project': (board: Board) => group(board, 'project'),
  'by-due': (board: Board) => group(board, 'due'),
  sort: nextSort,
  refresh: (board: Board) => void readAll(board),
  'copy-title': (board: Board) => {
    const [card] = cardsFor(board)
    if (card !== undefined) copy(board, card.title, 'the title')
  },
  'copy-link': copyLink,
  problem: (board: Board) =>
    board.store.update((state) => {
      const { notice, offlineWhy } = state
      if (notice === null && offlineWhy !== null)
        return opened(state, { kind: 'problem', text: offlineWhy, scroll: 0 })
      if (notice === null) return tell(state, 'info', 'There is nothing to tell.')
      const text = notice.detail === null ? notice.text : `${notice.text}\n\n${notice.detail}`
      return opened(state, { kind: 'problem', text, scroll: 0 })
    }),
}
