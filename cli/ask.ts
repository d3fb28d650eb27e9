import { createInterface } from 'node:readline/promises'
import type { Terminal } from './terminal.ts'

/** A yes-or-no question on stderr; only a clear yes counts as one. */
export async function ask({ stdin, stderr }: Terminal, question: string): Promise<boolean> {
  const lines = createInterface({ input: stdin as NodeJS.ReadStream, output: stderr as NodeJS.WriteStream })
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `)).trim())
  } finally {
    lines.close()
  }
}
