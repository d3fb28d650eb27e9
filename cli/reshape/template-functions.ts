import { truncate } from '../text.ts'

/** What a template prints for a value: nothing for null, text as it is, the rest as JSON. */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** As in Go: false, 0, nothing and everything empty are not true. */
export function isTrue(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0
  return Boolean(value)
}

const order = (a: unknown, b: unknown): number => {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return shown(a) < shown(b) ? -1 : shown(a) > shown(b) ? 1 : 0
}

const same = (a: unknown, b: unknown) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null)
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

/** `%s`, `%v`, `%d`, `%q` and `%%`, with a width: `%-20s`. */
function printf(format: unknown, ...args: unknown[]): string {
  let next = 0
  return shown(format).replaceAll(/%(-?)(\d*)([svdq%])/g, (_, minus: string, width: string, verb: string) => {
    if (verb === '%') return '%'
    const value = args[next++]
    const text = verb === 'q' ? JSON.stringify(shown(value)) : shown(value)
    return minus === '' ? text.padStart(Number(width)) : text.padEnd(Number(width))
  })
}

/** What a template may call, by name. */
export const functions: Record<string, (...args: unknown[]) => unknown> = {
  len: (value) => (typeof value === 'string' ? [...value].length : listOf(value).length),
  index: (from, ...path) =>
    path.reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[shown(key)], from),
  eq: (value, ...others) => others.some((other) => same(value, other)),
  ne: (a, b) => !same(a, b),
  lt: (a, b) => order(a, b) < 0,
  le: (a, b) => order(a, b) <= 0,
  gt: (a, b) => order(a, b) > 0,
  ge: (a, b) => order(a, b) >= 0,
  and: (...args) => args.find((arg) => !isTrue(arg)) ?? args.at(-1),
  or: (...args) => args.find(isTrue) ?? args.at(-1),
  not: (value) => !isTrue(value),
  print: (...args) => args.map(shown).join(' '),
  printf,
  join: (separator, list) => listOf(list).map(shown).join(shown(separator)),
  pluck: (field, list) => listOf(list).map((item) => (item as Record<string, unknown>)[shown(field)]),
  truncate: (width, text) => truncate(shown(text), Number(width)),
  upper: (text) => shown(text).toUpperCase(),
  lower: (text) => shown(text).toLowerCase(),
  json: (value) => JSON.stringify(value ?? null),
}
