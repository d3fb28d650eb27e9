/**
 * Splits a line as a shell would: white space between words, '…' and "…" around what belongs together, \ before a
 * character that means itself, # for a comment. Nothing is expanded. Null when a quote is not closed.
 */
export function shellWords(line: string): string[] | null {
  const words: string[] = []
  let word: string | null = null
  for (let at = 0; at < line.length; at += 1) {
    const char = line[at]!
    if (/\s/.test(char)) {
      if (word !== null) words.push(word)
      word = null
    } else if (char === '#' && word === null) break
    else if (char === "'" || char === '"') {
      const end = closing(line, at)
      if (end < 0) return null
      const inner = line.slice(at + 1, end)
      word = (word ?? '') + (char === '"' ? inner.replaceAll(/\\(["\\$`])/g, '$1') : inner)
      at = end
    } else if (char === '\\' && at + 1 < line.length) {
      at += 1
      word = (word ?? '') + line[at]
    } else word = (word ?? '') + char
  }
  if (word !== null) words.push(word)
  return words
}

function closing(line: string, start: number): number {
  const quote = line[start]
  for (let at = start + 1; at < line.length; at += 1) {
    if (line[at] === quote) return at
    if (quote === '"' && line[at] === '\\') at += 1
  }
  return -1
}
