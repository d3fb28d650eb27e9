import { Box } from 'ink'
import { memo } from 'react'
import type { Layout, Strip } from '../layout.ts'
import type { Column } from '../model.ts'
import { columnRows, type Frame, groupedRows, listRows } from '../view/board.ts'
import { Rows } from './rows.tsx'

type ColumnProps = { frame: Frame; column: Column; strip: Strip; layout: Layout }

const ColumnView = memo(function ColumnView({ frame, column, strip, layout }: ColumnProps) {
  return (
    <Box flexDirection="column" width={strip.width}>
      <Rows rows={columnRows(frame, column, strip, layout)} />
    </Box>
  )
})

/** The tasks: columns beside each other, a table, or groups below each other. */
export function Tasks({ frame, layout }: { frame: Frame; layout: Layout }) {
  const { state } = frame
  if (state.where.layout !== 'board') {
    const rows = state.where.layout === 'list' ? listRows(frame, layout) : groupedRows(frame, layout)
    return (
      <Box flexDirection="column">
        <Rows rows={rows} />
      </Box>
    )
  }
  return (
    <Box columnGap={1}>
      {layout.strips.map((strip) => {
        const column = state.columns[strip.index]
        return column && <ColumnView key={column.key} {...{ frame, column, strip, layout }} />
      })}
    </Box>
  )
}
