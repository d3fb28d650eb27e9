import { createInterface } from 'node:readline'
import { Interrupted } from './errors.ts'
import type { Terminal } from './terminal.ts'

/** A yes-or-no question on stderr; only a clear yes counts as one, and a closed stdin is a no. */
export async function ask(terminal: Terminal, question: string): Promise<boolean> {
  return /^y(es)?$/i.test(await askLine(terminal, `${question} [y/N] `))
}

/** One line, trimmed; a closed stdin is an empty one. The question stands on stderr. */
export async function askLine({ stdin, stderr }: Terminal, question: string): Promise<string> {
  const lines = createInterface({ input: stdin as NodeJS.ReadStream, output: stderr as NodeJS.WriteStream })
  // Named, because readline has a listener of its own on `close`: without it a closed one goes on echoing.
  let onClose = () => {}
  try {
    const answer = await new Promise<string>((resolve, reject) => {
      onClose = () => {
        stderr.write('\n')
        resolve('')
      }
      lines.once('SIGINT', () => {
        stderr.write('\n')
        reject(new Interrupted())
      })
      lines.once('close', onClose)
      lines.question(question, resolve)
    })
    return answer.trim()
  } finally {
    lines.off('close', onClose)
    lines.close()
  }
}
