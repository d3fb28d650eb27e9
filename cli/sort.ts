import { suggest } from '../shared/suggest.ts'
import { usage } from './errors.ts'

export const sortKeys = ['due', 'priority', 'created', 'updated', 'title', 'position', 'urgency'] as const

/** The key that `--sort` names, `-` in front for the other way round. */
export function sortOf(text: string | undefined): string | undefined {
  if (text === undefined || (sortKeys as readonly string[]).includes(text.replace(/^-/, ''))) return text
  const near = suggest(text.replace(/^-/, ''), sortKeys)
  throw usage(
    `--sort ${JSON.stringify(text)} is none.`,
    near === undefined ? `There are ${sortKeys.join(', ')}.` : `Did you mean ${near}?`,
  )
}
