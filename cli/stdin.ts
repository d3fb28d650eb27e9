import { usage } from './errors.ts'
import type { Terminal } from './terminal.ts'

/** The lines of stdin without their ends. A terminal there is a mistake that would look like a hang: exit 2. */
export async function* readLines({ stdin }: Terminal): AsyncGenerator<string> {
  if ('isTTY' in stdin && stdin.isTTY) {
    throw usage(
      '`-` reads from a pipe, but stdin is a terminal.',
      'Pipe something in: `todo list -q +x | todo done -`.',
    )
  }
  let rest = ''
  const decoder = new TextDecoder()
  for await (const chunk of stdin as AsyncIterable<Buffer | string>) {
    rest += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true })
    const lines = rest.split(/\r?\n/)
    rest = lines.pop()!
    yield* lines
  }
  if (rest !== '') yield rest
}
