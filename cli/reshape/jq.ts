import { loadJq } from 'jq-wasm/inline'
import { usage } from '../errors.ts'

/**
 * The real jq, as WebAssembly: nobody needs to have it installed, and every expression means what it means there.
 * Strings are printed without quotes, everything else as one line, or indented for a reader.
 */
export async function compileJq(expression: string, indent: boolean): Promise<(json: string) => string> {
  const jq = await loadJq()
  const flags = indent ? ['-r'] : ['-r', '-c']
  const run = (json: string) => {
    const { stdout, stderr, exitCode } = jq.raw(json, expression, flags)
    if (exitCode !== 0) throw refused(expression, stderr)
    return stdout === '' ? '' : `${stdout}\n`
  }
  // Compiled with nothing to work on, an expression that is wrong fails and any other says nothing.
  run('')
  return run
}

function refused(expression: string, stderr: string) {
  const [first = ''] = stderr.replace(/^jq: error(?: \(at [^)]*\))?: ?/, '').split('\n')
  const what = first.replace(/ at <top-level>.*$/, '').trim()
  return usage(
    `--jq ${JSON.stringify(expression)}: ${what}.`,
    'See https://jqlang.org/manual for the language.',
  )
}
