import type { Context } from './context.ts'
import type { FlagSet } from './flags.ts'

/** One line of help: what to type, and what it does. */
export type Example = readonly [line: string, does: string]

/**
 * A verb: its flags and its work on one page. `run` answers the exit code, 0 when it answers nothing. Everything else
 * that goes wrong is thrown.
 */
export type Verb<Options = Record<string, never>> = {
  summary: string
  usage: string
  examples: readonly Example[]
  define?(flags: FlagSet): void
  run: (context: Context, words: string[], options: Options) => Promise<number | undefined>
  /** What `--json=…` may name; another name is refused before `run`. */
  fields?: readonly string[]
  /** Rewrites words that would be taken for flags, e.g. `-x` in `edit 3 -x`. */
  prepare?: (words: string[]) => string[]
  /** True when `run` wants to see where `--` stood, since the words behind it are text. */
  keepsDashes?: boolean
}

export type AnyVerb = Verb<never>

/** A noun: its verbs, and the one that a bare noun means. */
export type Noun = { summary: string; bare: string; verbs: Record<string, () => Promise<AnyVerb>> }

export type Entry =
  | { summary: string; load: () => Promise<AnyVerb> }
  | { summary: string; noun: () => Promise<Noun> }
