import type { GlobalFlags } from './context.ts'
import { compileTemplate } from './reshape/template.ts'
import type { Terminal } from './terminal.ts'

/** A terminal whose stdout is held back; `finish` prints what the expression or the template makes of it. */
export type Reshaped = { terminal: Terminal; finish: () => void }

/** Makes an answer out of another one's JSON: what is written is text for stdout. */
type Shaper = (json: string) => string

/**
 * Stands between a command and stdout for `--jq` and `--template`. A faulty expression is refused here, before the
 * command has changed anything. With `--ndjson` each line is shaped by itself as it comes.
 */
export async function reshape(
  terminal: Terminal,
  { jq, template, ndjson }: Pick<GlobalFlags, 'jq' | 'template' | 'ndjson'>,
): Promise<Reshaped> {
  const shape = jq === undefined ? compileTemplate(template!) : await jqShaper(jq, terminal)
  const print = (json: string) => {
    const text = shape(json)
    if (text !== '') terminal.stdout.write(text.endsWith('\n') ? text : `${text}\n`)
  }
  let held = ''
  const write = (text: string) => {
    held += text
    if (!ndjson) return
    const lines = held.split('\n')
    held = lines.pop()!
    for (const line of lines) print(line)
  }
  return {
    terminal: { ...terminal, stdout: { write, isTTY: false } },
    finish: () => {
      if (held.trim() !== '') print(held)
    },
  }
}

async function jqShaper(expression: string, terminal: Terminal): Promise<Shaper> {
  const { compileJq } = await import('./reshape/jq.ts')
  return compileJq(expression, terminal.stdout.isTTY === true)
}
