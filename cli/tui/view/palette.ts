import { displayWidth, escapeControls } from '../../text.ts'
import type { State } from '../model.ts'
import type { Theme } from '../theme.ts'
import type { Choice } from '../work/palette.ts'
import { draw, fit, type Span, span } from './spans.ts'

/** What is found, over the lower part of the screen, the chosen row marked, each with its key. */
export function paletteRows(theme: Theme, state: State, choices: Choice[], rows: number): string[] {
  const { columns: width } = state.size
  const row = Math.min(state.prompt?.row ?? 0, Math.max(0, choices.length - 1))
  const top = Math.max(0, row - rows + 1)
  const seen = choices.slice(top, top + rows).map((choice, n) => {
    const isChosen = top + n === row
    const key = choice.key === '' ? [] : [span(`${choice.key} `, 'key')]
    const room = width - displayWidth(choice.key) - 4
    const text = fit([span(isChosen ? '▌ ' : '  ', 'accent'), ...letters(choice)], room)
    return draw(theme, fit([...text, span('  '), ...key], width), isChosen ? 'selected' : undefined)
  })
  if (choices.length === 0) seen.push(draw(theme, fit([span('  Nothing is called that.', 'dim')], width)))
  return [...seen, ...Array.from({ length: rows - seen.length }, () => ' '.repeat(width))]
}

/** The letters that were typed stand out. */
function letters({ text, positions }: Choice): Span[] {
  const safeText = escapeControls(text)
  if (positions.size === 0 || safeText !== text) return [span(safeText)]
  const spans: Span[] = []
  for (const [n, char] of [...text].entries()) {
    const style = positions.has(n) ? 'accent' : 'plain'
    const last = spans.at(-1)
    if (last?.style === style) last.text += char
    else spans.push(span(char, style))
  }
  return spans
}
