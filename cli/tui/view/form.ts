import { escapeControls } from '../../text.ts'
import { type FormField, formFields, type Screen, type State } from '../model.ts'
import type { Theme } from '../theme.ts'
import { beforeCursor } from './prompt.ts'
import { draw, fit, safe, span } from './spans.ts'

const nameWidth = 12

const examples: Record<FormField, string> = {
  title: '',
  status: 'todo, doing, done',
  priority: 'low, medium, high, critical',
  due: 'fri 17:00, +3d, 2026-12-01; empty: none',
  tags: 'home "two words"',
  project: 'work.api',
  remind: '15m 2h 1d',
  note: 'one line; E on the task opens $EDITOR',
}

/** The fields below each other, the one being typed with its cursor; theirs beside mine after a conflict. */
export function formRows(
  theme: Theme,
  state: State,
  { form }: Extract<Screen, { kind: 'form' }>,
  theirs: Record<FormField, string> | null,
  rows: number,
): string[] {
  const { columns: width } = state.size
  const drawn: string[] = []
  /** The rows of the field that is being typed in. */
  let [from, to] = [0, 0]
  for (const [n, name] of formFields.entries()) {
    const isFocused = n === form.field
    if (isFocused) from = drawn.length
    const label = span(`${isFocused ? '▌' : ' '} ${name.padEnd(nameWidth)}`, isFocused ? 'accent' : 'dim')
    const value = form.values[name].replaceAll('\n', '⏎')
    drawn.push(
      isFocused
        ? beforeCursor(theme, label, form.line, width)
        : draw(theme, fit([label, safe(value)], width)),
    )
    const problem = form.problems[name]
    const mine = isFocused ? form.line.text : form.values[name]
    const indent = ' '.repeat(nameWidth + 2)
    if (problem !== undefined) drawn.push(draw(theme, fit([safe(`${indent}✗ ${problem}`, 'bad')], width)))
    if (theirs !== null && theirs[name] !== mine) {
      const text = theirs[name] === '' ? 'nothing' : escapeControls(theirs[name])
      drawn.push(draw(theme, fit([span(`${indent}theirs: ${text}`, 'warn')], width)))
    } else if (isFocused && examples[name] !== '') {
      drawn.push(draw(theme, fit([span(`${indent}${examples[name]}`, 'dim')], width)))
    }
    if (isFocused) to = drawn.length
  }
  const top = Math.min(from, Math.max(0, to - rows))
  return Array.from({ length: rows }, (_, n) => drawn[top + n] ?? ' '.repeat(width))
}
