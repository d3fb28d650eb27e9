import type { Priority } from '../../shared/api/priority.ts'
import type { Sql } from '../../shared/db/connect.ts'
import { AppError } from '../../shared/errors.ts'
import { suggest } from '../../shared/suggest.ts'
import { listPriorities } from './repository.ts'

/** The priority with this id or name (any case), as an id; otherwise 422 with the suggest name. */
export async function resolvePriority(sql: Sql, given: number | string): Promise<number> {
  // Seeded and fixed: the common ids need no question.
  if (typeof given === 'number' && given <= 4) return given
  const priorities = await listPriorities(sql)
  const found = priorities.find(
    (one) => one.id === given || one.name.toLowerCase() === String(given).toLowerCase(),
  )
  if (found) return found.id
  throw unknownPriority(given, priorities)
}

function unknownPriority(given: number | string, priorities: Priority[]): AppError {
  const names = priorities.map((one) => one.name.toLowerCase())
  const near = typeof given === 'string' ? suggest(given.toLowerCase(), names) : undefined
  const pointer = typeof given === 'string' ? '/priority' : '/priority_id'
  const message = `is not a priority; ${near ? `did you mean ${near}?` : `there are ${names.join(', ')}`}`
  return new AppError('invalid', `Priority ${JSON.stringify(given)} ${message.replace(/\?$/, '')}.`, {
    hint: near ? `Did you mean ${near}?` : `Use one of ${names.join(', ')}.`,
    fields: [{ pointer, code: 'not_found', message }],
  })
}
