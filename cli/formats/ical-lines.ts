import { linesOf, withoutEnd } from './format.ts'

/** One property: `DUE;VALUE=DATE:20261201`. `text` is the whole line, unfolded. */
export type Property = { name: string; parameters: Record<string, string>; value: string; text: string }

/** Lines that were folded (RFC 5545, 3.1) put together again. */
export async function* unfolded(
  pieces: AsyncIterable<string>,
): AsyncGenerator<{ line: number; text: string }> {
  let held: { line: number; text: string } | null = null
  for await (const { line, text } of linesOf(pieces)) {
    const plain = withoutEnd(text)
    if (held && /^[ \t]/.test(plain)) held.text += plain.slice(1)
    else {
      if (held) yield held
      held = { line, text: plain }
    }
  }
  if (held) yield held
}

export function readProperty(text: string): Property {
  const colon = colonOf(text)
  const [name = '', ...parts] = text.slice(0, colon).split(';')
  const parameters = Object.fromEntries(
    parts.map((part) => {
      const [key = '', value = ''] = part.split('=', 2)
      return [key.toUpperCase(), value.replaceAll('"', '')]
    }),
  )
  return { name: name.toUpperCase(), parameters, value: text.slice(colon + 1), text }
}

/** The first colon outside quotes. */
function colonOf(text: string): number {
  let quoted = false
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '"') quoted = !quoted
    else if (text[at] === ':' && !quoted) return at
  }
  return text.length
}

const marks: Record<string, string> = { n: '\n', N: '\n', ',': ',', ';': ';', '\\': '\\' }
export const plainText = (value: string) =>
  value.replaceAll(/\\([nN,;\\])/g, (_, mark: string) => marks[mark]!)
export const listOf = (value: string) => value.split(/(?<!\\),/).map(plainText)

export const escaped = (text: string) =>
  text
    .replaceAll(/[\\;,]/g, '\\$&')
    .replaceAll('\r\n', '\\n')
    .replaceAll('\n', '\\n')

/** A line folded after 75 bytes, never inside a character, with the end that the format asks for. */
export function folded(text: string): string {
  if (Buffer.byteLength(text) <= 75) return `${text}\r\n`
  const lines: string[] = []
  let line = ''
  let bytes = 0
  for (const char of text) {
    const size = Buffer.byteLength(char)
    if (bytes + size > 75) {
      lines.push(line)
      line = ' '
      bytes = 1
    }
    line += char
    bytes += size
  }
  return `${[...lines, line].join('\r\n')}\r\n`
}
