import { readVersion } from '../shared/version.ts'
import { run } from './program.ts'
import { createStdout, isTerminal } from './stdout.ts'
import type { Terminal } from './terminal.ts'

/** Node ends in peace when nothing is left that could answer what is waited for; for us that is no success. */
let isAnswered = false
process.on('exit', (code) => {
  if (isAnswered || code !== 0) return
  process.exitCode = 1
  process.stderr.write('todo: The answer never came.\n  This is a bug; please report it.\n')
})

// A reader that has seen enough (`todo list | head -1`) is no failure.
const stdout = createStdout((error) => {
  isAnswered = true
  if (error.code === 'EPIPE') process.exit(0)
  process.stderr.write(
    `todo: The answer cannot be written: ${error.message}.\n  Make room for it, then look what was done.\n`,
  )
  process.exit(1)
})

let isErrorHandled = false

/** Node makes a stream when it is first asked for; those that a command does not need would cost it 5 ms. */
const terminal: Terminal = {
  stdout: stdout.output,
  get stdin() {
    return process.stdin
  },
  get stderr() {
    if (!isErrorHandled) process.stderr.on('error', () => {})
    isErrorHandled = true
    return process.stderr
  },
  get isInteractive() {
    return isTerminal(2) && isTerminal(0)
  },
}

run(process.argv.slice(2), terminal, readVersion()).then((code) => {
  isAnswered = true
  process.exitCode = code
  // To take V8 down piece by piece, as Node does when nothing is left to do, costs a command 2 ms.
  if (stdout.isDrained()) process.exit()
})
