/**
 * The elements of a JSON array, or the values of a stream of JSON values (NDJSON too), as texts, without holding more
 * than one. A text that is no JSON is found out by whoever parses it.
 */
export async function* jsonElements(
  pieces: AsyncIterable<string>,
): AsyncGenerator<{ line: number; text: string }> {
  const state = { depth: 0, inText: false, escaped: false, inArray: false, line: 1, from: 1 }
  let held = ''
  let start = -1
  let scanned = 0
  for await (const piece of pieces) {
    held += piece
    for (; scanned < held.length; scanned += 1) {
      const char = held[scanned]!
      if (char === '\n') state.line += 1
      if (state.inText) {
        if (state.escaped) state.escaped = false
        else if (char === '\\') state.escaped = true
        else if (char === '"') state.inText = false
        continue
      }
      const isOuter = state.depth === 0
      if (isOuter && start < 0) {
        if (char === '[' && !state.inArray) {
          state.inArray = true
          continue
        }
        if (/[\s,\]\ufeff]/.test(char)) continue
        start = scanned
        state.from = state.line
      }
      if (char === '"') state.inText = true
      else if (char === '{' || char === '[') state.depth += 1
      else if (char === '}' || char === ']') {
        if (state.depth > 0) state.depth -= 1
      }
      const ends = state.depth === 0 && (char === '}' || char === ']' || (isOuter && /[,\n]/.test(char)))
      if (!ends || start < 0) continue
      const isClosed = char === '}' || char === ']'
      const text = held.slice(start, isClosed ? scanned + 1 : scanned).trim()
      if (text !== '') yield { line: state.from, text }
      start = -1
    }
    held = start < 0 ? '' : held.slice(start)
    scanned = held.length
    if (start >= 0) start = 0
  }
  if (start >= 0 && held.trim() !== '') yield { line: state.from, text: held.trim() }
}
