import type { Context } from './context.ts'
import type { Dialect } from './quick-add/dialects.ts'
import { lookUp, readSettings } from './settings.ts'

/** Whose marks the user writes: `todo config set dialect todotxt`. */
export const dialectOf = ({ paths }: Pick<Context, 'paths'>): Dialect =>
  (lookUp(readSettings(paths), 'dialect') ?? 'todo') as Dialect
