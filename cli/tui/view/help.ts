import { keyText } from '../key-text.ts'
import { type Binding, bindings, type Keys } from '../keys.ts'
import type { Screen, State } from '../model.ts'
import { lineKeys } from '../state/line.ts'
import type { Theme } from '../theme.ts'
import { draw, fit, type Span, span } from './spans.ts'

type Row = { keys: string; does: string; isHead: boolean }

const keyWidth = 22
const groups = ['Move', 'Change', 'Look', 'Go', 'Terminal'] as const

const rowOf = (keys: Keys, { name, does }: Binding): Row => ({
  keys: (keys.get(name) ?? []).map(keyText).join('  '),
  does,
  isHead: false,
})

const head = (does: string): Row => ({ keys: '', does, isHead: true })

/** The keys of the screen that help was asked on come first, then those of the others. */
export function helpTable(keys: Keys, over: Screen['kind'], search: string): Row[] {
  const wanted = search.trim().toLowerCase()
  const fits = ({ keys: shown, does }: Row) => `${shown} ${does}`.toLowerCase().includes(wanted)
  const section = (title: string, of: readonly Binding[]) => {
    const rows = of.map((binding) => rowOf(keys, binding)).filter(fits)
    return rows.length === 0 ? [] : [head(title), ...rows]
  }
  const here = bindings.filter(({ on }) => (on as readonly string[]).includes(over))
  const others = bindings.filter(({ on }) => !(on as readonly string[]).includes(over))
  const typing = Object.entries(lineKeys).map(([key, { does }]) => ({
    keys: keyText(key),
    does: `While typing: ${does}`,
    isHead: false,
  }))
  const mouse = [
    { keys: 'Click', does: 'Select; twice: open', isHead: false },
    { keys: 'Drag', does: 'Move a card to another column', isHead: false },
    { keys: 'Wheel', does: 'Scroll what is under it', isHead: false },
    { keys: 'Shift-drag', does: "Select text, the terminal's own", isHead: false },
  ]
  const more = [...typing, ...mouse].filter(fits)
  return [
    ...groups.flatMap((group) =>
      section(
        group,
        here.filter((binding) => binding.group === group),
      ),
    ),
    ...section('On other screens', others),
    ...(more.length === 0 ? [] : [head('Typing and the mouse'), ...more]),
  ]
}

export function helpRows(
  theme: Theme,
  state: State,
  screen: Extract<Screen, { kind: 'help' }>,
  keys: Keys,
  rows: number,
): string[] {
  const { columns: width } = state.size
  const table = helpTable(keys, screen.over, screen.search)
  const top = Math.min(screen.scroll, Math.max(0, table.length - rows))
  const drawn = table
    .slice(top, top + rows)
    .map((row): Span[] =>
      row.isHead
        ? [span(` ${row.does}`, 'title')]
        : [...fit([span(`  ${row.keys}`, 'key')], Math.min(keyWidth, Math.floor(width / 2))), span(row.does)],
    )
  if (table.length === 0) drawn.push([span('  No key is about that.', 'dim')])
  return Array.from({ length: rows }, (_, n) => draw(theme, fit(drawn[n] ?? [], width)))
}
