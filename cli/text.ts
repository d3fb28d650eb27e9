const printable = /^[\x20-\x7e]*$/

// Patterns with Unicode properties stand inside functions: they are built only for text that is not plain ASCII.

/**
 * What a terminal would obey or be misled by: C0 with ESC, DEL, C1, line and paragraph separators, bidi embeddings,
 * overrides and isolates, interlinear marks, and surrogates without their other half. The direction marks LRM, RLM
 * and ALM and the joiners stay, since honest text in some scripts and every family emoji needs them.
 */
const harmful = () => /[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufff9-\ufffb\ufeff]|\p{Cs}/gu

const named: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

const shown = (char: string): string => {
  const code = char.charCodeAt(0)
  return named[char] ?? (code < 0x100 ? '\\x' : '\\u') + code.toString(16).padStart(code < 0x100 ? 2 : 4, '0')
}

/**
 * Text that came from a task, made safe to print: `\x1b`, `\u202e`, `\ud800` and so on instead of the characters.
 * With `keepLines` a line feed stays one (for notes); every other form must be one row, so there it is `\n`.
 */
export const escapeControls = (text: string, options: { keepLines?: boolean } = {}): string =>
  printable.test(text)
    ? text
    : text.replace(harmful(), (char) => (options.keepLines && char === '\n' ? char : shown(char)))

/**
 * East Asian Wide and Fullwidth of Unicode 17 as a class: emoji by property, the CJK blocks by range with their few
 * unassigned gaps closed.
 */
const isWide = (char: string): boolean =>
  /[\p{Emoji_Presentation}\u1100-\u115f\u2329\u232a\u2630-\u2637\u268a-\u268f\u2e80-\u303e\u3041-\u3247\u3250-\ua4c6\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6b\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18df2}\u{18e00}-\u{191d2}\u{1aff0}-\u{1b2fb}\u{1d300}-\u{1d376}\u{1f200}-\u{1f265}\u{20000}-\u{2fffd}\u{30000}-\u{3fffd}]/u.test(
    char,
  )

const isInvisible = (char: string): boolean =>
  /[\p{Cc}\p{Cf}\p{Mn}\p{Me}\p{Cs}\p{Default_Ignorable_Code_Point}]/u.test(char)

const hasClusters = (text: string): boolean =>
  /[\p{M}\p{Cf}\p{RI}\p{EMod}\u1100-\u11ff\ua960-\ua97c\ud7b0-\ud7fb\uff9e\uff9f]/u.test(text)

const isEmoji = (cluster: string): boolean =>
  /\p{RI}\p{RI}|\p{Emoji}\ufe0f|\p{Extended_Pictographic}.*\u200d|\u20e3/u.test(cluster)

/** What takes a cell of its own behind the base of its cluster: vowel signs of Indic scripts, halfwidth kana marks. */
const isTrailing = (char: string): boolean => /[\p{Mc}\uff9e\uff9f]/u.test(char)

const cellsOf = (char: string): number => {
  if (char >= ' ' && char <= '~') return 1
  return isInvisible(char) ? 0 : isWide(char) ? 2 : 1
}

const clusterCells = (cluster: string): number => {
  if (cluster.length === 1) return cellsOf(cluster)
  if (isEmoji(cluster)) return 2
  let cells = 0
  for (const char of cluster) if (cells === 0 || isTrailing(char)) cells += cellsOf(char)
  return cells
}

let segmenter: Intl.Segmenter | undefined

/** What a reader takes for one character. The segmenter costs start-up time, so only text that joins loads it. */
const clustersOf = (text: string): string[] => {
  if (!hasClusters(text)) return [...text]
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' })
  return Array.from(segmenter.segment(text), (part) => part.segment)
}

/** The columns that a terminal needs for one line of text. Control characters count nothing: escape them before. */
export const displayWidth = (text: string): number => {
  if (printable.test(text)) return text.length
  return clustersOf(text).reduce((cells, cluster) => cells + clusterCells(cluster), 0)
}

/** At most `width` columns; what is cut off is shown by `…`. A character is never split, so it may be one short. */
export const truncate = (text: string, width: number): string => {
  if (width < 1) return ''
  if (printable.test(text)) return text.length <= width ? text : text.slice(0, width - 1) + '…'
  let cells = 0
  let kept = ''
  let keptCells = 0
  for (const cluster of clustersOf(text)) {
    const needed = clusterCells(cluster)
    if (cells === keptCells && cells + needed <= width - 1) {
      kept += cluster
      keptCells += needed
    }
    cells += needed
    if (cells > width) return kept + '…'
  }
  return text
}

/** Fills up with spaces to `width` columns; text that is wider stays as it is. */
export const pad = (text: string, width: number, side: 'left' | 'right' = 'right'): string => {
  const blanks = ' '.repeat(Math.max(0, width - displayWidth(text)))
  return side === 'right' ? text + blanks : blanks + text
}

/** Lines of cells with tabs between, as columns for people. */
export function aligned(lines: string[]): string {
  const rows = lines.map((line) => line.split('\t'))
  const widths = rows[0]?.map((_, n) => Math.max(...rows.map((cells) => displayWidth(cells[n] ?? '')))) ?? []
  return rows
    .map(
      (cells) =>
        `${cells
          .map((cell, n) => pad(cell, widths[n] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('')
}

/** A sentence as a part of another one: `Did you mean friday?` behind a semicolon. */
export const clauseOf = (sentence: string): string =>
  sentence.charAt(0).toLowerCase() + sentence.slice(1).replace(/\.$/, '')
