import { AppError } from '../shared/errors.ts'

/** The parts of an entity tag (RFC 9110 §8.8.3). */
const entityTag = /(W\/)?"([\x21\x23-\x7e\x80-\xff]*)"/g

/** If-Match compares strongly: a weak tag never holds. `holds` is given what stands between the quotes. */
export function requireMatch(header: string | null, holds: (tag: string) => boolean): void {
  if (header === null || header.trim() === '*') return
  for (const [, weak, tag] of header.matchAll(entityTag)) {
    if (weak === undefined && holds(tag!)) return
  }
  throw new AppError('precondition_failed', 'It was changed meanwhile.', {
    hint: 'Read it again and repeat the change on what is there now.',
  })
}

export const requireVersion = (header: string | null, version: number): void =>
  requireMatch(header, (tag) => tag === String(version))

/** If-None-Match compares weakly: true when what the reader has is still good. */
export function isUnchanged(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  if (header.trim() === '*') return true
  return [...header.matchAll(entityTag)].some(([, , tag]) => `"${tag}"` === etag)
}
