import { Text } from 'ink'
import { memo } from 'react'

/** One row of the terminal, drawn already. Rows that stay the same cost React nothing. */
const Row = memo(function Row({ text }: { text: string }) {
  return <Text wrap="truncate-end">{text}</Text>
})

export function Rows({ rows }: { rows: string[] }) {
  // A row is its place: what stands there changes, rows do not move.
  // biome-ignore lint/suspicious/noArrayIndexKey: the index is the identity of a row.
  return rows.map((text, n) => <Row key={n} text={text} />)
}
