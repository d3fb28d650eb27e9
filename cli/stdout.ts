import { fstatSync, writeSync } from 'node:fs'
import type { Output } from './terminal.ts'

/**
 * Whether the file descriptor is a terminal. What is neither a terminal nor `/dev/null` is no device, which the kernel
 * tells without the module that knows terminals.
 */
export const isTerminal = (fd: number): boolean =>
  fstatSync(fd).isCharacterDevice() && process.getBuiltinModule('node:tty').isatty(fd)

/**
 * Where answers are written. Node's stream for it would cost each command 1 ms, and writes to a pipe or a file without
 * waiting, as is done here. A terminal gets the stream, and so does what a pipe does not take because somebody has made
 * it non-blocking. `isDrained` tells whether the kernel has all that was written.
 */
export function createStdout(onError: (error: NodeJS.ErrnoException) => void): {
  output: Output
  isDrained: () => boolean
} {
  let stream: NodeJS.WriteStream | undefined
  const open = (): NodeJS.WriteStream => (stream ??= process.stdout.on('error', onError))
  const write = (text: string) => {
    const rest = stream === undefined ? writeNow(text, onError) : text
    if (rest !== null) open().write(rest)
  }
  return {
    output: isTerminal(1) ? open() : { write, isTTY: false },
    isDrained: () => stream === undefined || stream.writableLength === 0,
  }
}

/** What the kernel does not take now; null when that is nothing, or when nobody will ever read it. */
function writeNow(text: string, onError: (error: NodeJS.ErrnoException) => void): Buffer | null {
  let rest = Buffer.from(text)
  try {
    while (rest.length > 0) rest = rest.subarray(writeSync(1, rest))
    return null
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return rest
    onError(error as NodeJS.ErrnoException)
    return null
  }
}
