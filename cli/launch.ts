import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Script } from 'node:vm'

// Starts the client with what V8 compiled of it when the same command ran before. Node's own cache of compiled code
// holds no function that is compiled at its first call, which is most of them; that would be a fifth of a command's time.

/** Which build the client is of; the build sets it. */
declare const clientBuild: string

const file = join(import.meta.dirname, 'client.js')
const folder = join(import.meta.dirname, '.compiled')
const [, , word = ''] = process.argv
const isHelp = process.argv.some((one) => one === '-h' || one === '--help')

/** Names what it was compiled from and by: V8 itself compares no more than the length of the source. */
const name = /^[a-z]+$/.test(word) ? word : 'other'
const kept = join(folder, `${name}-${clientBuild}-${process.version}-${process.arch}`)

function readKept(): Buffer | undefined {
  try {
    return readFileSync(kept)
  } catch {
    return undefined
  }
}

/**
 * What a failure or the help needs is not what the command needs. Where nothing can be written, everything works
 * without. Each process has a file of its own until it is whole.
 */
function keep(code: number): void {
  if (isHelp || code !== 0) return
  try {
    mkdirSync(folder, { recursive: true })
    writeFileSync(`${kept}.${process.pid}`, script.createCachedData())
    renameSync(`${kept}.${process.pid}`, kept)
  } catch {
    // The next run tries again.
  }
}

const cachedData = readKept()
// The build wraps the bundle as a function of what CommonJS gives a module: to put that around it here would copy it, and
// the copies would cost each command a garbage collection. It is ASCII, which is read the fastest so.
const script = new Script(readFileSync(file, 'latin1'), {
  filename: file,
  ...(cachedData && { cachedData }),
})
script.runInThisContext()(exports, require, module, file, import.meta.dirname)
if (cachedData === undefined || script.cachedDataRejected) process.on('exit', keep)
