/** One word of the input. `gap` is the white space in front of it, `alone` tells that it was an argument of its own. */
export type Word = { text: string; gap: string; alone: boolean }

/** Arguments as words. What was quoted is split too, so that one quoted line and many arguments read alike. */
export const wordsOf = (args: string[]): Word[] =>
  args.flatMap((arg) => {
    const parts = [...arg.matchAll(/(\s*)(\S+)/g)]
    return parts.map(([, gap, text], index) => ({
      text: text!,
      gap: index === 0 ? ' ' : gap!,
      alone: parts.length === 1,
    }))
  })

export const joined = (words: Word[]): string =>
  words
    .map(({ text, gap }) => gap + text)
    .join('')
    .trim()
