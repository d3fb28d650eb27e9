import type { Board } from '../board.ts'
import type { State } from '../model.ts'
import { dismissed } from '../state/notices.ts'
import { prompting } from '../state/prompts.ts'
import { back, forward, onScreen, opened, screenOf } from '../state/screens.ts'
import { selected } from '../state/select.ts'
import { goToChosen, openContexts } from '../work/contexts.ts'
import { applyFilter } from '../work/filter.ts'
import { leave } from '../work/leave.ts'
import {
  actOnTemplate,
  openDetail,
  openLog,
  openRecurring,
  replayChosen,
  showOccurrences,
} from '../work/screens.ts'

const interruptedCode = 130

function open(board: Board): void {
  const state = board.store.get()
  const screen = screenOf(state)
  if (screen.kind === 'contexts') goToChosen(board)
  else if (screen.kind === 'recurring') void showOccurrences(board)
  else if (screen.kind === 'log') {
    const id = screen.items?.[screen.index]?.task_id
    if (id != null) void openDetail(board, id)
  } else {
    const card = selected(state)
    if (card !== null && card.id > 0) void openDetail(board, card.id)
  }
}

/** One level: what is told, then marks, then the screen, then the filter. */
function cancel(board: Board): void {
  const state = board.store.get()
  if (state.notice !== null) board.store.update((now) => dismissed(now, true))
  else if (state.marks.size > 0) board.store.update((now) => ({ ...now, marks: new Set<number>() }))
  else if (state.screens.length > 1) board.store.update(back)
  else if (state.filter.text !== '') applyFilter(board, '')
}

const help = (state: State): State =>
  screenOf(state).kind === 'help'
    ? back(state)
    : opened(state, { kind: 'help', search: '', scroll: 0, over: screenOf(state).kind })

export const goCommands = {
  open,
  pane: (board: Board) =>
    board.store.update((state) =>
      onScreen(state, 'detail', (screen) => ({
        ...screen,
        pane: screen.pane === 'task' ? 'history' : 'task',
      })),
    ),
  recurring: (board: Board) => void openRecurring(board),
  contexts: openContexts,
  log: (board: Board) => void openLog(board),
  pause: (board: Board) => void actOnTemplate(board, 'pause'),
  skip: (board: Board) => void actOnTemplate(board, 'skip'),
  replay: (board: Board) => void replayChosen(board),
  'search-help': (board: Board) => board.store.update((state) => prompting(state, 'help')),
  palette: (board: Board) => board.store.update((state) => prompting(state, 'palette')),
  help: (board: Board) => board.store.update(help),
  back: (board: Board) => board.store.update(back),
  forward: (board: Board) => board.store.update(forward),
  cancel,
  quit: (board: Board) => {
    if (board.store.get().screens.length > 1) board.store.update(back)
    else void leave(board, () => board.quit(0))
  },
  mouse: (board: Board) => {
    board.store.update((state) => ({ ...state, mouse: !state.mouse }))
    board.setMouse(board.store.get().mouse)
  },
  suspend: (board: Board) => void board.stop(),
  interrupt: (board: Board) => board.quit(interruptedCode),
}
