import type { Sql } from '../../shared/db/connect.ts'

/** A statement as text with `$1`, `$2` … and its values in that order. */
export type Statement = { text: string; values: unknown[] }

type Piece = { strings: readonly string[]; args: unknown[] }

const isPiece = (value: unknown): value is Piece =>
  typeof value === 'object' && value !== null && 'strings' in value

/**
 * The one statement that `work` would send, put together beforehand: what a program that knows only this statement
 * would keep as a constant. `answer` is the row that `work` gets to see.
 */
export async function fixStatement(answer: object, work: (sql: Sql) => Promise<unknown>): Promise<Statement> {
  const sent: Statement[] = []
  const piece = (strings: readonly string[], args: unknown[]) => {
    return {
      strings,
      args,
      options: {},
      // biome-ignore lint/suspicious/noThenProperty: like the driver's, a statement is sent when somebody awaits it.
      then: (done: (rows: object[]) => void) => {
        sent.push(flatten({ strings, args }))
        done([answer])
      },
    }
  }
  const sql = (strings: readonly string[], ...args: unknown[]) => piece(strings, args)
  sql.unsafe = (text: string) => piece([text], [])
  await work(sql as unknown as Sql)
  if (sent.length !== 1) throw new Error(`expected one statement, got ${sent.length}`)
  return sent[0]!
}

function flatten(piece: Piece): Statement {
  const values: unknown[] = []
  const text = (value: unknown): string => {
    if (isPiece(value))
      return value.strings
        .map((part, n) => part + (n < value.args.length ? text(value.args[n]) : ''))
        .join('')
    if (Array.isArray(value) && isPiece(value[0])) return value.map((one) => ` ${text(one)}`).join('')
    values.push(value)
    return `$${values.length}`
  }
  return { text: text(piece), values }
}
