import type { State } from '../model.ts'

const sortNames: Record<string, string> = {
  due: 'by due date',
  '-priority': 'highest priority first',
  urgency: 'most urgent first',
  '-created': 'newest first',
  title: 'by title',
}

/** `board by status`, `list, newest first`. */
export function describedView({ where }: Pick<State, 'where'>): string {
  const sort = where.sort === null ? '' : `, ${sortNames[where.sort] ?? where.sort}`
  return where.layout === 'list' ? `list${sort}` : `${where.layout} by ${where.by}${sort}`
}
