import type { Delivery } from '../../../shared/api/delivery.ts'
import { localName } from '../../credentials.ts'
import { formatDate } from '../../dates/describe.ts'
import { escapeControls } from '../../text.ts'
import type { Rule, Screen, State } from '../model.ts'
import type { Style, Theme } from '../theme.ts'
import { draw, fit, type Span, safe, span, wrap } from './spans.ts'

type Item = { row: Span[]; below: Span[][] }

/** A list with a chosen row, kept in sight, and what is told below it. */
function chosenRows(
  theme: Theme,
  state: State,
  items: Item[] | null,
  index: number,
  rows: number,
  none: string,
): string[] {
  const { columns: width } = state.size
  const blank = draw(theme, fit([], width))
  if (items === null || items.length === 0) {
    const text = items === null ? '  …' : `  ${none}`
    return [draw(theme, fit([span(text, 'dim')], width)), ...Array.from({ length: rows - 1 }, () => blank)]
  }
  const all = items.flatMap(({ row, below }, n) => {
    const isChosen = n === index
    const first = fit([span(isChosen ? '▌ ' : '  ', 'accent'), ...row], width)
    return [
      { at: n, text: draw(theme, first, isChosen ? 'selected' : undefined) },
      ...(isChosen ? below.map((one) => ({ at: n, text: draw(theme, fit(one, width)) })) : []),
    ]
  })
  const chosen = all.findIndex(({ at }) => at === index)
  const end = all.findLastIndex(({ at }) => at === index)
  const top = Math.max(
    0,
    Math.min(chosen, Math.max(end - rows + 1, Math.min(chosen - Math.floor(rows / 2), all.length - rows))),
  )
  const seen = all.slice(top, top + rows).map(({ text }) => text)
  return [...seen, ...Array.from({ length: rows - seen.length }, () => blank)]
}

export function recurringRows(
  theme: Theme,
  state: State,
  screen: Extract<Screen, { kind: 'recurring' }>,
  rows: number,
): string[] {
  const items = screen.items?.map((rule): Item => {
    const dates = screen.next[rule.id] ?? []
    return { row: ruleRow(rule), below: dates.map((date) => [span(`      ${date}`, 'dim')]) }
  })
  return chosenRows(
    theme,
    state,
    items ?? null,
    screen.index,
    rows,
    'Nothing recurs. `a` and “every:friday” makes a rule.',
  )
}

function ruleRow({ title, rule, next, isActive }: Rule): Span[] {
  const sign = span(isActive ? '↻ ' : '‖ ', isActive ? 'good' : 'warn')
  return [
    ...fit([sign, safe(title)], 36),
    ...fit([safe(` ${rule}`, 'dim')], 34),
    span(` ${next}`, isActive ? 'plain' : 'warn'),
  ]
}

export function contextRows(
  theme: Theme,
  state: State,
  screen: Extract<Screen, { kind: 'contexts' }>,
  rows: number,
): string[] {
  const items = state.places.map(({ name, address, who }): Item => {
    const isHere = name === (state.place ?? localName)
    const sign = span(isHere ? '● ' : '  ', 'good')
    return {
      row: [...fit([sign, safe(name)], 26), ...fit([safe(` ${address}`, 'dim')], 44), safe(` ${who}`, 'dim')],
      below: [],
    }
  })
  return chosenRows(theme, state, items, screen.index, rows, '')
}

const deliveryStyle: Record<string, Style> = { sent: 'good', dead: 'bad', suppressed: 'dim', queued: 'warn' }
const deliverySign: Record<string, string> = {
  sent: '✓',
  dead: '✗',
  queued: '…',
  sending: '…',
  suppressed: '–',
}

export function logRows(
  theme: Theme,
  state: State,
  screen: Extract<Screen, { kind: 'log' }>,
  rows: number,
): string[] {
  const items = screen.items?.map(
    (delivery): Item => ({ row: deliveryRow(delivery, state), below: attemptRows(delivery, state) }),
  )
  return chosenRows(
    theme,
    state,
    items ?? null,
    screen.index,
    rows,
    'No notification was sent yet. See `todo channel add`.',
  )
}

function deliveryRow(delivery: Delivery, state: State): Span[] {
  const { status } = delivery
  return [
    ...fit([span(formatDate({ at: delivery.created_at }, state), 'dim')], 20),
    ...fit([span(`${deliverySign[status] ?? '?'} ${status}`, deliveryStyle[status] ?? 'plain')], 13),
    ...fit([span(delivery.kind)], 9),
    ...fit([safe(delivery.target)], 32),
    span(delivery.task_id === null ? '' : ` #${delivery.task_id}`, 'dim'),
    safe(delivery.reason === null ? '' : ` ${delivery.reason}`, 'warn'),
  ]
}

const attemptRows = (delivery: Delivery, state: State): Span[][] =>
  delivery.attempts.map((attempt) => [
    span(`      ${formatDate({ at: attempt.at }, state)}  ${attempt.status ?? ''} ${attempt.ms} ms `, 'dim'),
    safe(attempt.error ?? '', 'bad'),
  ])

export function problemRows(
  theme: Theme,
  state: State,
  screen: Extract<Screen, { kind: 'problem' }>,
  rows: number,
): string[] {
  const { columns: width } = state.size
  const all = wrap(escapeControls(screen.text, { keepLines: true }), Math.max(1, width - 2))
  const top = Math.min(screen.scroll, Math.max(0, all.length - rows))
  return Array.from({ length: rows }, (_, n) => draw(theme, fit([span(` ${all[top + n] ?? ''}`)], width)))
}
