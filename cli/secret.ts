import { usage } from './errors.ts'
import type { Terminal } from './terminal.ts'

/** The first line of stdin, which must be a pipe or a file: what is typed into a terminal can be read on it. */
export async function readSecret({ stdin }: Terminal, flag: string): Promise<string> {
  if ('isTTY' in stdin && stdin.isTTY) {
    throw usage(
      `${flag} reads from a pipe, but stdin is a terminal.`,
      `Pipe it in: \`pass todo | todo login … ${flag}\`.`,
    )
  }
  let text = ''
  const decoder = new TextDecoder()
  for await (const chunk of stdin as AsyncIterable<Buffer | string>) {
    text += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true })
    if (text.includes('\n')) break
  }
  const line = text.split(/\r?\n/, 1)[0]!
  if (line === '') throw usage(`${flag} found nothing on stdin.`, 'Pipe the secret in as one line.')
  return line
}

/** Asks on the terminal without showing what is typed. Null when the user gave up with Ctrl-C or Ctrl-D. */
export function askSecret({ stdin, stderr }: Terminal, question: string): Promise<string | null> {
  const input = stdin as NodeJS.ReadStream
  return new Promise((resolve) => {
    let text = ''
    const finish = (answer: string | null) => {
      input.off('data', read).setRawMode(false).pause()
      stderr.write('\n')
      resolve(answer)
    }
    const read = (chunk: string) => {
      for (const letter of chunk) {
        if (letter === '\r' || letter === '\n') return finish(text)
        if (letter === '\x03' || (letter === '\x04' && text === '')) return finish(null)
        if (letter === '\x7f' || letter === '\b') text = [...text].slice(0, -1).join('')
        else if (letter === '\x15') text = ''
        else if (letter >= ' ') text += letter
      }
    }
    // Raw before the question: whoever answers at once must not be shown either.
    input.setRawMode(true).setEncoding('utf8').resume().on('data', read)
    stderr.write(question)
  })
}
