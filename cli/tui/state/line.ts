/** A line being typed. `cursor` counts clusters, what a reader takes for characters, from 0 to their number. */
export type Line = { text: string; cursor: number }

export const emptyLine: Line = { text: '', cursor: 0 }
export const lineOf = (text: string): Line => ({ text, cursor: clustersOf(text).length })

let segmenter: Intl.Segmenter | undefined
const printable = /^[\x20-\x7e]*$/

/** The segmenter costs start-up time, so only text that is not plain makes it. */
export function clustersOf(text: string): string[] {
  if (printable.test(text)) return text.split('')
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' })
  return Array.from(segmenter.segment(text), (part) => part.segment)
}

type Parts = { before: string[]; after: string[] }
const parts = ({ text, cursor }: Line): Parts => {
  const all = clustersOf(text)
  return { before: all.slice(0, cursor), after: all.slice(cursor) }
}
const joined = ({ before, after }: Parts): Line => {
  const text = before.join('')
  // Clusters may grow together where two parts meet, so they are counted again.
  return { text: text + after.join(''), cursor: clustersOf(text).length }
}

export const insert = (line: Line, more: string): Line => {
  const { before, after } = parts(line)
  return joined({ before: [...before, more], after })
}

export const before = (line: Line): string => parts(line).before.join('')
export const after = (line: Line): string => parts(line).after.join('')

const isSpace = (cluster: string | undefined) => cluster === undefined || /^\s$/.test(cluster)

/** How many clusters a word and the blanks on its near side take, seen from the cursor. */
function wordLength(clusters: string[]): number {
  let n = 0
  while (n < clusters.length && isSpace(clusters[n])) n += 1
  while (n < clusters.length && !isSpace(clusters[n])) n += 1
  return n
}

const moved = (line: Line, cursor: number): Line => ({
  ...line,
  cursor: Math.max(0, Math.min(clustersOf(line.text).length, cursor)),
})

const wordBack = (line: Line) => wordLength(parts(line).before.reverse())
const wordOn = (line: Line) => wordLength(parts(line).after)

function cut(line: Line, back: number, on: number): Line {
  const { before, after } = parts(line)
  return joined({ before: before.slice(0, Math.max(0, before.length - back)), after: after.slice(on) })
}

/** The keys of readline, by the names of input/parse.ts. */
export const lineKeys: Record<string, { does: string; act: (line: Line) => Line }> = {
  left: { does: 'one back', act: (line) => moved(line, line.cursor - 1) },
  right: { does: 'one on', act: (line) => moved(line, line.cursor + 1) },
  'ctrl-b': { does: 'one back', act: (line) => moved(line, line.cursor - 1) },
  'ctrl-f': { does: 'one on', act: (line) => moved(line, line.cursor + 1) },
  'alt-b': { does: 'a word back', act: (line) => moved(line, line.cursor - wordBack(line)) },
  'alt-f': { does: 'a word on', act: (line) => moved(line, line.cursor + wordOn(line)) },
  'ctrl-left': { does: 'a word back', act: (line) => moved(line, line.cursor - wordBack(line)) },
  'ctrl-right': { does: 'a word on', act: (line) => moved(line, line.cursor + wordOn(line)) },
  'ctrl-a': { does: 'to the start', act: (line) => moved(line, 0) },
  'ctrl-e': { does: 'to the end', act: (line) => lineOf(line.text) },
  home: { does: 'to the start', act: (line) => moved(line, 0) },
  end: { does: 'to the end', act: (line) => lineOf(line.text) },
  backspace: { does: 'take one back', act: (line) => cut(line, 1, 0) },
  'ctrl-h': { does: 'take one back', act: (line) => cut(line, 1, 0) },
  delete: { does: 'take the next', act: (line) => cut(line, 0, 1) },
  'ctrl-d': { does: 'take the next', act: (line) => cut(line, 0, 1) },
  'ctrl-w': { does: 'take a word back', act: (line) => cut(line, wordBack(line), 0) },
  'alt-backspace': { does: 'take a word back', act: (line) => cut(line, wordBack(line), 0) },
  'alt-d': { does: 'take the next word', act: (line) => cut(line, 0, wordOn(line)) },
  'ctrl-u': { does: 'take all before', act: (line) => cut(line, Number.MAX_SAFE_INTEGER, 0) },
  'ctrl-k': { does: 'take all behind', act: (line) => cut(line, 0, Number.MAX_SAFE_INTEGER) },
}

/** The word that ends at the cursor, and where it begins in the text. */
export function wordAtCursor(line: Line): { word: string; from: number } {
  const text = before(line)
  const from = text.search(/\S*$/)
  return { word: text.slice(from), from }
}

/** Puts `word` in the place of the word before the cursor. */
export function replaceWord(line: Line, word: string): Line {
  const { from } = wordAtCursor(line)
  const start = before(line).slice(0, from) + word
  return { text: start + after(line), cursor: clustersOf(start).length }
}
