import { dirname, join } from 'node:path'
import type { Filter } from '../shared/filter.ts'
import { readIfThere } from '../shared/read-if-there.ts'
import type { Context } from './context.ts'
import { parseFilterWords } from './filter.ts'
import { readSettings } from './settings.ts'

/** What one works on: lists show only that, and what is added gets its tags and project. */
export type Focus = {
  text: string
  from: string
  filter: Filter
  tags: string[]
  project: string | undefined
}

/** The file of a folder's focus, for it and all below. */
export const focusFile = '.todo-focus'

/** TODO_FOCUS, else the nearest `.todo-focus` from the current folder upwards, else the user's own setting. */
export function focusOf(context: Pick<Context, 'config' | 'paths' | 'now' | 'timeZone'>): Focus | null {
  const found = findFocus(context)
  if (found === null) return null
  const dates = { now: context.now(), timeZone: context.timeZone() }
  const filter = parseFilterWords([found.text], dates)
  const parts = filter.kind === 'and' ? filter.parts : [filter]
  const tags = parts.flatMap((part) => (part.kind === 'tag' && part.name !== null ? [part.name] : []))
  const [project] = parts.flatMap((part) =>
    part.kind === 'project' && part.name !== null ? [part.name] : [],
  )
  return { ...found, filter, tags, project }
}

function findFocus({
  config,
  paths,
}: Pick<Context, 'config' | 'paths'>): { text: string; from: string } | null {
  if (config.focus !== null) return meant(config.focus, 'TODO_FOCUS')
  const nearest = nearestFile()
  if (nearest !== null) return meant(nearest.text, nearest.file)
  const own = readSettings(paths).focus
  return typeof own === 'string' ? meant(own, 'your settings') : null
}

const meant = (text: string, from: string) =>
  text.trim() === '' || text.trim() === 'none' ? null : { text: text.trim(), from }

function nearestFile(): { text: string; file: string } | null {
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    const file = join(folder, focusFile)
    try {
      const text = readIfThere(file)
      if (text !== null) return { text, file }
    } catch {
      // Not to be read; look further up.
    }
    if (dirname(folder) === folder) return null
  }
}
