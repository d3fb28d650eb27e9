import { displayWidth, escapeControls, pad, truncate } from '../../text.ts'
import type { Link, Style, Theme } from '../theme.ts'

/** A piece of one row. `text` is safe for a terminal: what comes from a task went through `safe`. */
export type Span = { text: string; style: Style; color?: string | null; link?: Link }

export const span = (text: string, style: Style = 'plain'): Span => ({ text, style })

/** Text of a task, of one row. */
export const safe = (text: string, style: Style = 'plain'): Span => ({ text: escapeControls(text), style })

export const widthOf = (spans: Span[]): number =>
  spans.reduce((width, { text }) => width + displayWidth(text), 0)

/** Exactly `width` columns of it: what is longer ends in `…`, what is shorter is filled up. */
export function fit(spans: Span[], width: number): Span[] {
  const fitted: Span[] = []
  let left = width
  for (const [n, one] of spans.entries()) {
    const wide = displayWidth(one.text)
    const isLast = n === spans.length - 1
    const rest = isLast ? 0 : widthOf(spans.slice(n + 1))
    if (wide <= left && (isLast || wide < left || rest === 0)) {
      fitted.push(one)
      left -= wide
      continue
    }
    const text = truncate(wide <= left ? `${one.text}…` : one.text, left)
    fitted.push({ ...one, text })
    left -= displayWidth(text)
    break
  }
  return left > 0 ? [...fitted, span(' '.repeat(left))] : fitted
}

/** `left` at the start, `right` at the end; the left gives way. */
export function spread(left: Span[], right: Span[], width: number): Span[] {
  const wide = Math.min(widthOf(right), width)
  return [...fit(left, Math.max(0, width - wide)), ...fit(right, wide)]
}

function painted(theme: Theme, { text, style, color, link }: Span): string {
  const drawn = color === undefined ? theme.paint(style, text) : theme.paintTag(color, text)
  return link === undefined ? drawn : theme.link(link, drawn)
}

/** One row as the terminal gets it. With `over`, everything is of one style, for a selected row. */
export const draw = (theme: Theme, spans: Span[], over?: Style): string =>
  over === undefined
    ? spans.map((one) => painted(theme, one)).join('')
    : theme.paint(over, spans.map(({ text }) => text).join(''))

/** Breaks words into rows of at most `width`; a word that is longer is cut into pieces. */
export function wrap(text: string, width: number): string[] {
  const rows: string[] = []
  for (const paragraph of text.split('\n')) {
    let row = ''
    for (const word of paragraph.split(' ')) {
      let rest = word
      if (row !== '' && displayWidth(row) + 1 + displayWidth(rest) > width) {
        rows.push(row)
        row = ''
      }
      while (displayWidth(rest) > width) {
        const [piece, more] = cutAt(rest, width)
        rows.push(piece)
        rest = more
      }
      row = row === '' ? rest : `${row} ${rest}`
    }
    rows.push(row)
  }
  return rows
}

function cutAt(text: string, width: number): [string, string] {
  let piece = ''
  for (const char of text) {
    if (displayWidth(piece + char) > width && piece !== '') break
    piece += char
  }
  return [piece, text.slice(piece.length)]
}

export const column = (text: string, width: number, style: Style = 'plain'): Span =>
  span(pad(truncate(text, width), width), style)
