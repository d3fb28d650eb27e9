import { isIdLike } from './refs.ts'

export type Routed = {
  name: string | undefined
  words: string[]
  wantsHelp: boolean
  wantsVersion: boolean
}

/** Global flags that take a value in the next word. */
const valued = new Set(['--context', '--timeout', '--jq', '--template'])

/** `+shop`, `@phone`, `due:fri`, `(…`: what nobody would name a command. */
const isFilterLike = (word: string) => /^[+@#(]|^[\w.]+[:<>=]/.test(word)

/**
 * Finds the command among the words, wherever global flags stand. `todo 3 done` and `todo +shop list` are turned
 * round: a first word that can only be an id or a filter is followed by the command; without one, the task is shown or
 * the list printed.
 */
export function route(
  argv: string[],
  commands: Record<string, unknown>,
  aliases: Record<string, string>,
): Routed {
  const end = argv.indexOf('--')
  const head = end < 0 ? argv : argv.slice(0, end)
  const wantsHelp = head.some((word) => word === '-h' || word === '--help')
  const words = argv.filter((word, n) => (end >= 0 && n >= end) || (word !== '-h' && word !== '--help'))
  const isVerb = (word: string) => Object.hasOwn(commands, word) || Object.hasOwn(aliases, word)
  let at = 0
  while (at < words.length && words[at]!.startsWith('-') && words[at] !== '-' && words[at] !== '--') {
    if (words[at] === '--version' || words[at] === '-V') {
      return { name: undefined, words: [], wantsHelp: false, wantsVersion: true }
    }
    at += valued.has(words[at]!) ? 2 : 1
  }
  let first = words[at]
  const isTurned = first !== undefined && !isVerb(first) && isIdLike(first)
  if (first !== undefined && !isVerb(first) && (isIdLike(first) || isFilterLike(first))) {
    const verb = words.findIndex((word, n) => n > at && isVerb(word))
    const isIds = isIdLike(first)
    // `3 annotate x` names a command that there is none of, not a title.
    const other = isIds
      ? words.findIndex((word, n) => n > at && !isIdLike(word) && !word.startsWith('-'))
      : -1
    if (verb < 0 && other < 0) {
      return { name: isIds ? 'show' : 'list', words, wantsHelp, wantsVersion: false }
    }
    at = verb < 0 ? other : verb
    first = words[at]
  }
  if (first === undefined || first === '--') return { name: undefined, words, wantsHelp, wantsVersion: false }
  const rest = words.filter((_, n) => n !== at)
  const name = aliases[first] ?? first
  // `3 list` asks for what 3 is.
  if (name === 'list' && isTurned && rest.every(isIdLike))
    return { name: 'show', words: rest, wantsHelp, wantsVersion: false }
  return { name, words: rest, wantsHelp, wantsVersion: false }
}
