import { type Span, span, wrap } from './spans.ts'

/** A web address; the stop behind a sentence and what closes a bracket are no part of it. */
const address = /https?:\/\/[^\s<>"\\]*[^\s<>"\\.,;:!?)\]}'’”]/g

/** Text in rows of at most `width`, its web addresses as links; one that is longer than a row is one link still. */
export function linkedRows(text: string, width: number): Span[][] {
  const addresses = text.match(address) ?? []
  let id = 0
  /** What of an address goes on in the next row. */
  let rest = ''
  return wrap(text, Math.max(1, width)).map((row) => {
    const spans: Span[] = []
    let at = 0
    while (at < row.length) {
      const url = addresses[id]
      if (url === undefined) break
      const wanted = rest === '' ? url : rest
      const left = row.slice(at)
      // Only what fills the row from its start is cut.
      const isCut = at === 0 && wanted.length > left.length && wanted.startsWith(left)
      const found = isCut ? 0 : left.indexOf(wanted)
      if (found < 0) break
      const piece = isCut ? left : wanted
      spans.push(span(left.slice(0, found)), { ...span(piece, 'accent'), ...linkOf(url, id) })
      at += found + piece.length
      rest = isCut ? wanted.slice(piece.length) : ''
      if (rest === '') id += 1
    }
    return [...spans, span(row.slice(at))]
  })
}

/** A terminal takes only ASCII in an address. */
function linkOf(text: string, id: number): Pick<Span, 'link'> {
  const url = URL.parse(text)
  return url === null ? {} : { link: { url: url.href, id: id + 1 } }
}
