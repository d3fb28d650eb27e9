import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { HomePaths } from '../shared/config.ts'
import { AppError } from '../shared/errors.ts'
import { readIfThere } from '../shared/read-if-there.ts'
import { suggest } from '../shared/suggest.ts'
import { groupings, layouts, themeNames } from './tui/model.ts'

/** Every setting of the user's file with its default and how a word becomes its value. */
export const settings = {
  dialect: {
    fallback: 'todo',
    does: 'how `add` reads its words: todo, todotxt or todoist',
    read: (word: string) => oneOf(word, ['todo', 'todotxt', 'todoist']),
  },
  'daemon.idle_minutes': {
    fallback: 30,
    does: 'stop the local service after so long without a command',
    read: (word: string) => numberFrom(word, 1, 100_000),
  },
  accessible: {
    fallback: false,
    does: 'say in words what columns, marks and colours say (also TODO_ACCESSIBLE=1)',
    read: (word: string) => oneOf(word, ['true', 'false']) === 'true',
  },
  'board.theme': {
    fallback: 'auto',
    does: 'colours of the board: auto, dark, light, 16 or none',
    read: (word: string) => oneOf(word, ['auto', ...themeNames]),
  },
  'board.view': {
    fallback: 'last',
    does: 'what the board opens with: last, board, list or grouped',
    read: (word: string) => oneOf(word, ['last', ...layouts]),
  },
  'board.columns': {
    fallback: 'last',
    does: 'its columns: last, status, priority, tag, project or due',
    read: (word: string) => oneOf(word, ['last', ...groupings]),
  },
  'board.limits': {
    fallback: {},
    does: 'the most tasks of its columns, like "doing=3 review=5"; none for no limits',
    read: limitsFrom,
  },
  'board.mouse': {
    fallback: true,
    does: 'false leaves the mouse to the terminal',
    read: (word: string) => oneOf(word, ['true', 'false']) === 'true',
  },
  'board.links': {
    fallback: 'auto',
    does: 'addresses as links of the terminal: auto, on or off',
    read: (word: string) => oneOf(word, ['auto', 'on', 'off']),
  },
  'hooks.timeout_seconds': {
    fallback: 5,
    does: 'stop a hook that takes longer',
    read: (word: string) => numberFrom(word, 0.1, 600),
  },
} as const

export type SettingName = keyof typeof settings

function oneOf(word: string, words: string[]): string {
  if (words.includes(word)) return word
  throw new AppError('invalid', `${JSON.stringify(word)} is none of ${words.join(', ')}.`)
}

function numberFrom(word: string, least: number, most: number): number {
  const number = Number(word)
  if (Number.isFinite(number) && number >= least && number <= most) return number
  throw new AppError('invalid', `${JSON.stringify(word)} is no number from ${least} to ${most}.`)
}

function limitsFrom(text: string): Record<string, number> {
  const words = text.split(/[\s,]+/).filter((word) => word !== '' && word !== 'none')
  return Object.fromEntries(
    words.map((word) => {
      const [, column = '', number] = /^(.+)=(\d{1,6})$/.exec(word) ?? []
      if (number !== undefined) return [column, Number(number)]
      throw new AppError('invalid', `${JSON.stringify(word)} is no limit.`, {
        hint: 'Write them like "doing=3 review=5", or none.',
      })
    }),
  )
}

/** A setting as it is printed, and as `config set` reads it again. */
export function settingText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value)
  const parts = Object.entries(value).map(([name, one]) => `${name}=${one}`)
  return parts.length === 0 ? 'none' : parts.join(' ')
}

export const settingsFile = (paths: HomePaths): string => join(paths.config, 'config.json')

export type Tree = { [name: string]: Tree | unknown }

export function readSettings(paths: HomePaths): Tree {
  const file = settingsFile(paths)
  let text: string | null
  try {
    text = readIfThere(file)
  } catch {
    return {}
  }
  if (text === null) return {}
  try {
    return JSON.parse(text) as Tree
  } catch (error) {
    throw new AppError('invalid', `${file} is not JSON: ${(error as Error).message}.`, {
      hint: 'Mend it by hand, or remove it to begin with the defaults.',
    })
  }
}

/** `a.b` of the file, or undefined. */
export function lookUp(tree: Tree, name: string): unknown {
  return name.split('.').reduce<unknown>((node, part) => (node as Tree | undefined)?.[part], tree)
}

export function writeSetting(paths: HomePaths, name: SettingName, word: string): unknown {
  const value = settings[name].read(word)
  changeSettings(paths, (tree) => {
    const parts = name.split('.')
    let node = tree
    for (const part of parts.slice(0, -1)) node = (node[part] ??= {}) as Tree
    node[parts.at(-1)!] = value
  })
  return value
}

/** Changes the user's file in place; what stands there beside it stays. */
export function changeSettings(paths: HomePaths, change: (tree: Tree) => void): void {
  const tree = readSettings(paths)
  change(tree)
  const file = settingsFile(paths)
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  // A crash in the middle leaves the old file.
  writeFileSync(`${file}.new`, JSON.stringify(tree, null, 2) + '\n', { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

export function settingName(word: string): SettingName {
  if (Object.hasOwn(settings, word)) return word as SettingName
  const near = suggest(word, Object.keys(settings))
  throw new AppError('invalid', `There is no setting ${JSON.stringify(word)}.`, {
    hint: near ? `Did you mean ${near}?` : '`todo config list` shows all.',
  })
}
