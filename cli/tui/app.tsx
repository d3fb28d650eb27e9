import { Box, Text, useApp } from 'ink'
import { useEffect, useSyncExternalStore } from 'react'
import type { Board } from './board.ts'
import { Tasks } from './components/body.tsx'
import { Rows } from './components/rows.tsx'
import { isTooSmall, layoutOf } from './layout.ts'
import type { Screen, State } from './model.ts'
import { pendingIds } from './state/pending.ts'
import { screenOf } from './state/screens.ts'
import { barSpans } from './view/bar.ts'
import { detailRows } from './view/detail.ts'
import { formRows } from './view/form.ts'
import { helpRows } from './view/help.ts'
import { paletteRows } from './view/palette.ts'
import { keyRow, wordRow } from './view/prompt.ts'
import { draw } from './view/spans.ts'
import { spokenRows } from './view/spoken.ts'
import { contextRows, logRows, problemRows, recurringRows } from './view/tables.ts'
import { textOf } from './work/form.ts'
import { paletteChoices } from './work/palette.ts'
import { promptSpecs } from './work/prompts.ts'

export type Terminal = Pick<ReturnType<typeof useApp>, 'suspendTerminal'>

type AppProps = { board: Board; onReady: (terminal: Terminal) => void }

/** The whole screen: the bar, what is open, the line for words, the keys. Always as high as the terminal. */
export function App({ board, onReady }: AppProps) {
  const state = useSyncExternalStore(board.store.subscribe, board.store.get)
  const { suspendTerminal } = useApp()
  useEffect(() => onReady({ suspendTerminal }), [suspendTerminal, onReady])
  if (isTooSmall(state)) return <Text wrap="truncate-end">too small</Text>
  if (state.accessible) return <Rows rows={spokenRows(state, board.keys)} />
  const { theme, keys } = board
  const label = state.prompt === null ? '' : promptSpecs[state.prompt.kind].label
  return (
    <Box flexDirection="column" width={state.size.columns} height={state.size.rows}>
      <Rows
        rows={[draw(theme, barSpans(state, state.size.columns), theme.name === 'none' ? undefined : 'bar')]}
      />
      <Body board={board} state={state} />
      <Rows rows={[wordRow(theme, state, label), keyRow(theme, state, keys)]} />
    </Box>
  )
}

function Body({ board, state }: { board: Board; state: State }) {
  const { theme } = board
  const layout = layoutOf(state)
  const rows = layout.bodyRows + 1
  const screen = screenOf(state)
  if (state.prompt?.kind === 'palette') {
    return <Rows rows={paletteRows(theme, state, paletteChoices(state, state.prompt.line.text), rows)} />
  }
  if (screen.kind === 'tasks')
    return <Tasks frame={{ state, theme, pending: pendingIds(state) }} layout={layout} />
  return <Rows rows={screenRows(board, state, screen, rows)} />
}

function screenRows(
  board: Board,
  state: State,
  screen: Exclude<Screen, { kind: 'tasks' }>,
  rows: number,
): string[] {
  const { theme, keys } = board
  switch (screen.kind) {
    case 'detail':
      return detailRows(theme, state, screen, rows)
    case 'form': {
      const { theirs } = screen.form
      return formRows(theme, state, screen, theirs === null ? null : textOf(board, theirs), rows)
    }
    case 'recurring':
      return recurringRows(theme, state, screen, rows)
    case 'log':
      return logRows(theme, state, screen, rows)
    case 'contexts':
      return contextRows(theme, state, screen, rows)
    case 'help':
      return helpRows(theme, state, screen, keys, rows)
    case 'problem':
      return problemRows(theme, state, screen, rows)
  }
}
