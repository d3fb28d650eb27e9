import type { Tag } from '../shared/api/tag.ts'
import { AppError } from '../shared/errors.ts'
import { suggest } from '../shared/suggest.ts'
import type { Context } from './context.ts'
import type { Shape } from './output.ts'
import { escapeControls } from './text.ts'

export const tagShape: Shape<Tag> = {
  line: (tag) => [tag.id, escapeControls(tag.name), tag.task_count, tag.color ?? ''].join('\t'),
  columns: {
    id: (tag) => tag.id,
    name: (tag) => tag.name,
    task_count: (tag) => tag.task_count,
    color: (tag) => tag.color,
  },
}

export async function allTags({ api }: Pick<Context, 'api'>): Promise<Tag[]> {
  const tags: Tag[] = []
  let cursor: string | undefined
  do {
    const page = await api('GET /api/{user_id}/tags', { query: { limit: 200, ...(cursor && { cursor }) } })
    tags.push(...page.items)
    cursor = page.next_cursor ?? undefined
  } while (cursor)
  return tags
}

/** A tag by name without case, with or without its +, or by id. */
export async function findTag(context: Pick<Context, 'api'>, word: string): Promise<Tag> {
  const name = word.replace(/^\+/, '').normalize('NFC').toLowerCase()
  const tags = await allTags(context)
  const found =
    tags.find((tag) => tag.name.toLowerCase() === name) ?? tags.find((tag) => String(tag.id) === name)
  if (found) return found
  const near = suggest(
    name,
    tags.map((tag) => tag.name),
  )
  throw new AppError('not_found', `There is no tag ${JSON.stringify(word)}.`, {
    hint: near ? `Did you mean ${near}?` : '`todo tag list` shows what there is.',
  })
}
