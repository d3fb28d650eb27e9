import type { Filter } from '../shared/filter.ts'
import { suggest } from '../shared/suggest.ts'
import type { Context } from './context.ts'
import { escapeControls } from './text.ts'

/** A tag or project of a filter under which there is nothing, and the one that was probably meant. */
export async function nearNames(context: Context, filter: Filter): Promise<string[]> {
  const named = namesIn(filter)
  const lines: string[] = []
  const told = (what: string, sign: string, wanted: string[], known: string[]) => {
    for (const name of wanted) {
      const isThere = known.some((one) => one.toLowerCase() === name.toLowerCase())
      const near = isThere ? undefined : suggest(name, known)
      if (near !== undefined)
        lines.push(
          `There is no ${what} ${escapeControls(name)}; did you mean ${sign}${escapeControls(near)}?`,
        )
    }
  }
  if (named.tags.length > 0) {
    const { items } = await context.api('GET /api/{user_id}/tags', { query: { limit: 200 } })
    told(
      'tag',
      '+',
      named.tags,
      items.map(({ name }) => name),
    )
  }
  if (named.projects.length > 0) {
    const { items } = await context.api('GET /api/{user_id}/projects', { query: { limit: 200 } })
    told(
      'project',
      'project:',
      named.projects,
      items.map(({ name }) => name),
    )
  }
  return lines
}

function namesIn(filter: Filter): { tags: string[]; projects: string[] } {
  if (filter.kind === 'tag' && filter.name !== null) return { tags: [filter.name], projects: [] }
  if (filter.kind === 'project' && filter.name !== null) return { tags: [], projects: [filter.name] }
  if (filter.kind !== 'and' && filter.kind !== 'or') return { tags: [], projects: [] }
  const parts = filter.parts.map(namesIn)
  return { tags: parts.flatMap(({ tags }) => tags), projects: parts.flatMap(({ projects }) => projects) }
}
