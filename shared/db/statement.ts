import type { Fragment, Sql } from './connect.ts'

/** A statement as text with `$1`, `$2` … and what stands there, in that order. */
export type StatementText = { text: string; values: unknown[] }

/** A piece of a statement as the driver has it: text around values, which may be pieces again. */
type Piece = { strings: readonly string[]; args: readonly unknown[] }

const isPiece = (value: unknown): value is Piece =>
  typeof value === 'object' && value !== null && 'strings' in value && 'args' in value

/** Puts a statement together without a database, in the way of the driver. */
export function textOf(compose: (sql: Sql) => Fragment): StatementText {
  const sql = (strings: readonly string[], ...args: unknown[]): Piece => ({ strings, args })
  sql.unsafe = (text: string): Piece => ({ strings: [text], args: [] })
  const values: unknown[] = []
  const flat = (value: unknown): string => {
    if (isPiece(value)) {
      return value.strings
        .map((text, n) => (n < value.args.length ? text + flat(value.args[n]) : text))
        .join('')
    }
    if (Array.isArray(value) && isPiece(value[0])) return value.map((one) => ` ${flat(one)}`).join('')
    return `$${values.push(value)}`
  }
  return { text: flat(compose(sql as unknown as Sql)), values }
}

/** A value that each call brings; it stands in the statement under its name. */
type Slot = { slot: string }

const isSlot = (value: unknown): value is Slot =>
  typeof value === 'object' && value !== null && 'slot' in value

/** How many shapes of one statement are kept. */
const mostShapes = 200

/**
 * A statement whose text depends on its shape alone, such as which columns are there. Each shape is put together once:
 * for the most frequent statements that costs the process as much as everything else it does for a request. `slot`
 * stands for what each call gives in `values` under that name.
 */
export function createStatement<Row extends object, Shape>(
  compose: (sql: Sql, shape: Shape, slot: (name: string) => never) => Fragment,
): (sql: Sql, shape: Shape, values: Record<string, unknown>) => Promise<Row[]> {
  const known = new Map<string, StatementText>()
  const slot = (name: string) => ({ slot: name }) as never
  return async (sql, shape, values) => {
    const key = JSON.stringify(shape)
    let statement = known.get(key)
    if (statement === undefined) {
      statement = textOf((pieces) => compose(pieces, shape, slot))
      if (known.size < mostShapes) known.set(key, statement)
    }
    const given = statement.values.map((value) => (isSlot(value) ? values[value.slot] : value))
    return sql.unsafe<Row[]>(statement.text, given as never[], { prepare: true })
  }
}
