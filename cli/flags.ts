import { suggest } from '../shared/suggest.ts'
import { usage } from './errors.ts'

// A parser library would take a quarter of the time that a command may cost, for what fits on this page.

type Read = (value: string, before: never) => unknown

export type Flag = {
  /** As in the help: `-p, --priority <name>`, `--json [fields]`, `--no-color`. */
  flags: string
  description: string
  long: string
  short: string | undefined
  /** The name in the options: `--dry-run` is dryRun, `--no-color` is color. */
  key: string
  takes: 'nothing' | 'value' | 'optional value'
  isNegated: boolean
  read: Read | undefined
  fallback: unknown
}

/** The flags of one command, in the order of its help. */
export type FlagSet = {
  readonly options: readonly Flag[]
  /** `<x>` in the flags takes a value, `[x]` takes one only behind `=`. */
  option(flags: string, description: string, fallback?: string | boolean): FlagSet
  /** `read` makes the option of a value and of what it was so far, so that a flag may be repeated. */
  option<T>(flags: string, description: string, read: (value: string, before: T) => T, fallback?: T): FlagSet
}

export function createFlags(): FlagSet {
  const options: Flag[] = []
  const flags: FlagSet = {
    options,
    option: (text: string, description: string, read?: unknown, fallback?: unknown) => {
      options.push(flagOf(text, description, read, fallback))
      return flags
    },
  }
  return flags
}

function flagOf(flags: string, description: string, read: unknown, fallback: unknown): Flag {
  const words = flags.split(/[ ,]+/)
  const long = words.find((word) => word.startsWith('--'))!
  const isNegated = long.startsWith('--no-')
  const hasReader = typeof read === 'function'
  return {
    flags,
    description,
    long,
    short: words.find((word) => /^-[^-]/.test(word)),
    key: long.slice(isNegated ? 5 : 2).replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase()),
    takes: flags.includes('<') ? 'value' : flags.includes('[') ? 'optional value' : 'nothing',
    isNegated,
    read: hasReader ? (read as Read) : undefined,
    fallback: isNegated ? true : hasReader ? fallback : read,
  }
}

export type Parsed = { words: string[]; options: Record<string, unknown> }

/** Splits words into values of flags and the rest, wherever the flags stand. `command` is for the hint. */
export function parseFlags(flags: FlagSet, words: string[], command: string): Parsed {
  const options: Record<string, unknown> = {}
  for (const { key, fallback, isNegated } of flags.options) {
    // Beside `--color <color>` of a command, `--no-color` is no reason for a colour.
    const isShared = isNegated && flags.options.some((other) => other.key === key && !other.isNegated)
    if (fallback !== undefined && !isShared) options[key] = fallback
  }
  const rest: string[] = []
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at]!
    if (!word.startsWith('-') || word === '-') {
      rest.push(word)
      continue
    }
    for (const [name, attached] of namesIn(flags, word)) {
      const flag = find(flags, name, command)
      if (flag.takes !== 'value' || attached !== undefined) set(options, flag, attached)
      else if (at + 1 < words.length) set(options, flag, words[++at])
      else throw usage(`${flag.flags} lacks its value.`, seeHelp(command))
    }
  }
  return { words: rest, options }
}

/** `--name=value`, `-n value`, `-nvalue`, and for flags without a value `-abc`. */
function namesIn(flags: FlagSet, word: string): [name: string, attached: string | undefined][] {
  if (word.startsWith('--')) {
    const equals = word.indexOf('=')
    return [equals < 0 ? [word, undefined] : [word.slice(0, equals), word.slice(equals + 1)]]
  }
  const names: [string, string | undefined][] = []
  for (let at = 1; at < word.length; at += 1) {
    const name = `-${word[at]}`
    const flag = flags.options.find(({ short }) => short === name)
    // Unknown letters are told as the whole word that was typed.
    if (flag === undefined) return [[at === 1 ? word : name, undefined]]
    if (flag.takes !== 'nothing') return [...names, [name, word.slice(at + 1) || undefined]]
    names.push([name, undefined])
  }
  return names
}

function find(flags: FlagSet, name: string, command: string): Flag {
  const flag = flags.options.find(({ long, short }) => name === long || name === short)
  if (flag !== undefined) return flag
  const near = name.startsWith('--') ? nearest(flags, name) : undefined
  throw usage(`Unknown option ${JSON.stringify(name)}.`, near ? `Did you mean ${near}?` : seeHelp(command))
}

function nearest(flags: FlagSet, name: string): string | undefined {
  const names = flags.options.map(({ long }) => long.slice(2))
  const near = suggest(name.slice(2), names)
  return near && `--${near}`
}

function set(options: Record<string, unknown>, flag: Flag, value: string | undefined): void {
  if (flag.takes === 'nothing') {
    if (value !== undefined) throw usage(`${flag.long} takes no value.`, `Write it as ${flag.long}.`)
    options[flag.key] = !flag.isNegated
    return
  }
  const text = value ?? ''
  options[flag.key] = flag.read === undefined ? text : flag.read(text, options[flag.key] as never)
}

const seeHelp = (command: string) => `See \`todo ${command} --help\`; after -- everything is text.`
