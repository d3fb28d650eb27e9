import type { HomePaths } from '../shared/config.ts'
import { aliases, commands } from './commands.ts'
import { usage } from './errors.ts'
import { changeSettings, readSettings } from './settings.ts'
import { shellWords } from './shell-words.ts'

/** A saved view: its filter as it was typed, so that its dates stay relative, and how it is sorted. */
export type View = { filter: string; sort?: string }

type Kinds = { views: View; aliases: string }

/** The user's own words of a kind, by name. */
export function readShortcuts<K extends keyof Kinds>(paths: HomePaths, kind: K): Record<string, Kinds[K]> {
  return (readSettings(paths)[kind] ?? {}) as Record<string, Kinds[K]>
}

/** Stores a word of the user, or takes it away with null. A word that is a command already is refused. */
export function writeShortcut<K extends keyof Kinds>(
  paths: HomePaths,
  kind: K,
  name: string,
  value: Kinds[K] | null,
): void {
  if (value !== null) checkName(name)
  changeSettings(paths, (tree) => {
    const { [name]: _before, ...others } = readShortcuts(paths, kind)
    tree[kind] = value === null ? others : { ...others, [name]: value }
  })
}

function checkName(name: string): void {
  if (!/^[\p{L}][\p{L}\p{N}_-]*$/u.test(name))
    throw usage(`${JSON.stringify(name)} cannot be a name here.`, 'Use letters, digits, - and _.')
  if (Object.hasOwn(commands, name) || Object.hasOwn(aliases, name))
    throw usage(`${name} is a command already.`, 'Choose another name.')
}

export const shortcutNames = (paths: HomePaths): string[] => [
  ...Object.keys(readShortcuts(paths, 'aliases')),
  ...Object.keys(readShortcuts(paths, 'views')),
]

/** The words that an alias or a view stands for; null when there is none of that name. An alias names no other one. */
export function expand(paths: HomePaths, name: string, isInAlias: boolean): string[] | null {
  const aliased = isInAlias ? undefined : readShortcuts(paths, 'aliases')[name]
  if (aliased !== undefined) return shellWords(aliased)
  const view = readShortcuts(paths, 'views')[name]
  if (view === undefined) return null
  return ['list', '--filter', view.filter, ...(view.sort === undefined ? [] : ['--sort', view.sort])]
}
