import { createInterface } from 'node:readline/promises'
import type { Terminal } from './terminal.ts'

/** A yes-or-no question on stderr; only a clear yes counts as one. */
export async function ask(terminal: Terminal, question: string): Promise<boolean> {
  return /^y(es)?$/i.test(await askLine(terminal, `${question} [y/N] `))
}

/** One line, trimmed. The question stands on stderr. */
export async function askLine({ stdin, stderr }: Terminal, question: string): Promise<string> {
  const lines = createInterface({ input: stdin as NodeJS.ReadStream, output: stderr as NodeJS.WriteStream })
  try {
    return (await lines.question(question)).trim()
  } finally {
    lines.close()
  }
}
