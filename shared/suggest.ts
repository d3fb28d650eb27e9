/**
 * Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours each cost one. Gives up
 * as soon as the distance must exceed `limit` and answers `limit + 1`.
 */
export const editDistance = (a: string, b: string, limit = Number.POSITIVE_INFINITY): number => {
  if (Math.abs(a.length - b.length) > limit) return limit + 1
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const line = [row]
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1]
      let cost = Math.min(last[column]! + 1, line[column - 1]! + 1, last[column - 1]! + (same ? 0 : 1))
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      if (swapped) cost = Math.min(cost, before[column - 2]! + 1)
      line.push(cost)
    }
    // A swap reaches back two lines, so both must be beyond the limit before there is no way back.
    if (Math.min(...line) > limit && Math.min(...last) > limit) return limit + 1
    before = last
    last = line
  }
  return Math.min(last[b.length]!, limit + 1)
}

/** Short words are near to everything, so they get little room: one slip up to 4 letters, two up to 8, else three. */
const roomFor = (word: string): number => (word.length <= 4 ? 1 : word.length <= 8 ? 2 : 3)

/**
 * The candidate that was probably meant, or undefined. Case is ignored; among equally near ones the one with the
 * same first letter wins, then the first listed. Words of one letter are never corrected; a beginning of at least
 * three letters counts as near when only one candidate starts with it.
 */
export const suggest = (word: string, candidates: Iterable<string>): string | undefined => {
  const wanted = word.toLowerCase()
  if (wanted.length < 2) return undefined
  const list = [...candidates]
  const room = roomFor(wanted)
  let best: string | undefined
  let bestScore = room + 1
  for (const candidate of list) {
    const name = candidate.toLowerCase()
    if (name.length < 2) continue
    const distance = editDistance(wanted, name, room)
    if (distance > room || distance >= Math.max(wanted.length, name.length)) continue
    const score = distance + (name[0] === wanted[0] ? 0 : 0.5)
    if (score < bestScore) [best, bestScore] = [candidate, score]
  }
  if (best !== undefined || wanted.length < 3) return best
  const starting = list.filter((candidate) => candidate.toLowerCase().startsWith(wanted))
  return starting.length === 1 ? starting[0] : undefined
}

/** `, did you mean list?` or nothing: the tail of an error line. */
export const didYouMean = (word: string, candidates: Iterable<string>): string => {
  const nearest = suggest(word, candidates)
  return nearest === undefined ? '' : `, did you mean ${nearest}?`
}
