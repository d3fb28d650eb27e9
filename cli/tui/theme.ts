import type { ThemeName } from './model.ts'

/** What a piece of text is; the theme says how that looks. */
export const styles = [
  ...(['plain', 'title', 'dim', 'accent', 'good', 'warn', 'bad', 'tag', 'project'] as const),
  ...(['selected', 'blurred', 'flash', 'bar', 'cursor', 'mark', 'key', 'rule'] as const),
] as const
export type Style = (typeof styles)[number]

export type Theme = {
  name: ThemeName
  paint: (style: Style, text: string) => string
  /** In a colour that its owner chose, made readable on this background; else as a tag. */
  paintTag: (color: string | null, text: string) => string
  /** Text as a link of the terminal, where it knows them; the pieces of one link have the same `id`. */
  link: (link: Link, text: string) => string
}

export type Link = { url: string; id: number }

/** SGR parameters. Selected text is marked by more than colour in every theme: `▌` or `>` stands in front of it. */
const sgr: Record<ThemeName, Record<Style, string>> = {
  dark: {
    plain: '',
    title: '1',
    dim: '38;5;245',
    accent: '38;5;81',
    good: '38;5;114',
    warn: '38;5;221',
    bad: '38;5;210',
    tag: '38;5;80',
    project: '38;5;111',
    selected: '48;5;24;38;5;255',
    blurred: '48;5;236',
    flash: '48;5;58;38;5;230',
    bar: '48;5;235;38;5;252',
    cursor: '7',
    mark: '1;38;5;221',
    key: '1;38;5;81',
    rule: '38;5;239',
  },
  light: {
    plain: '',
    title: '1',
    dim: '38;5;242',
    accent: '38;5;25',
    good: '38;5;22',
    warn: '38;5;94',
    bad: '38;5;124',
    tag: '38;5;23',
    project: '38;5;18',
    selected: '48;5;153;38;5;16',
    blurred: '48;5;254',
    flash: '48;5;229;38;5;16',
    bar: '48;5;253;38;5;236',
    cursor: '7',
    mark: '1;38;5;94',
    key: '1;38;5;25',
    rule: '38;5;249',
  },
  '16': {
    plain: '',
    title: '1',
    dim: '2',
    accent: '36',
    good: '32',
    warn: '33',
    bad: '31',
    tag: '36',
    project: '34',
    selected: '7',
    blurred: '1',
    flash: '30;43',
    bar: '7',
    cursor: '7',
    mark: '1;33',
    key: '1;36',
    rule: '2',
  },
  none: {
    plain: '',
    title: '1',
    dim: '',
    accent: '',
    good: '',
    warn: '',
    bad: '',
    tag: '',
    project: '',
    selected: '1',
    blurred: '',
    flash: '4',
    bar: '',
    cursor: '7',
    mark: '1',
    key: '1',
    rule: '',
  },
}

const reset = '\x1b[0m'

type Rgb = [red: number, green: number, blue: number]

const linear = (part: number) => {
  const share = part / 255
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
}

/** Relative luminance of WCAG 2, from 0 to 1. */
const luminance = ([red, green, blue]: Rgb) =>
  0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)

export const contrast = (a: Rgb, b: Rgb): number => {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number]
  return (high + 0.05) / (low + 0.05)
}

const readableContrast = 4.5
const backgrounds: Record<'dark' | 'light', { paper: Rgb; ink: Rgb }> = {
  dark: { paper: [30, 30, 30], ink: [255, 255, 255] },
  light: { paper: [250, 250, 250], ink: [0, 0, 0] },
}

/** The colour itself, or as far towards the ink as reading it takes. */
export function readable(hex: string, name: 'dark' | 'light'): Rgb {
  const color = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as Rgb
  const { paper, ink } = backgrounds[name]
  for (let step = 0; step <= 10; step += 1) {
    const mixed = color.map((part, n) => Math.round(part + ((ink[n]! - part) * step) / 10)) as Rgb
    if (contrast(mixed, paper) >= readableContrast) return mixed
  }
  return ink
}

/** The nearest of the 6 × 6 × 6 colours that every terminal of 256 colours has. */
const cube = ([red, green, blue]: Rgb): number => {
  const level = (part: number) => (part < 48 ? 0 : part < 115 ? 1 : Math.floor((part - 35) / 40))
  return 16 + 36 * level(red) + 6 * level(green) + level(blue)
}

export function createTheme(name: ThemeName, hasLinks = false): Theme {
  const codes = sgr[name]
  const wrap = (code: string, text: string) =>
    code === '' || text === '' ? text : `\x1b[${code}m${text}${reset}`
  const paint = (style: Style, text: string) => wrap(codes[style], text)
  const paintTag = (color: string | null, text: string) => {
    if (color === null || name === 'none' || name === '16') return paint('tag', text)
    return wrap(`38;5;${cube(readable(color, name))}`, text)
  }
  const link = ({ url, id }: Link, text: string) =>
    hasLinks && text !== '' ? `\x1b]8;id=${id};${url}\x07${text}\x1b]8;;\x07` : text
  return { name, paint, paintTag, link }
}
