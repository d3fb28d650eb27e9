import { importRules } from './import-rules.ts'
import { sizeRules } from './size-rules.ts'
import type { Source } from './sources.ts'
import { styleRules } from './style-rules.ts'

export type Fault = { line: number; says: string }

/** One law of the house: answers what is wrong in one file. */
export type Rule = (source: Source) => Fault[]

export const rules = { ...importRules, ...styleRules, ...sizeRules } satisfies Record<string, Rule>

export type RuleName = keyof typeof rules

/** Every fault as `path:line rule: what`, for people. */
export function faultsOf(sources: Source[]): string[] {
  return sources.flatMap((source) =>
    Object.entries(rules).flatMap(([name, rule]) =>
      rule(source).map(({ line, says }) => `${source.path}:${line} ${name}: ${says}`),
    ),
  )
}
