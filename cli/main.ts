import { readVersion } from '../shared/version.ts'
import { run } from './program.ts'

// A reader that has seen enough (`todo list | head -1`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
})
process.stderr.on('error', () => {})

const { stdin, stdout, stderr } = process
const isInteractive = stdin.isTTY === true && stderr.isTTY === true

run(process.argv.slice(2), { stdin, stdout, stderr, isInteractive }, readVersion()).then((code) => {
  process.exitCode = code
})
