import type { Socket } from 'node:net'
import { connectIfRunning, type DaemonOptions } from '../daemon.ts'
import { findTarget } from '../place.ts'

/**
 * Connects to the daemon before the command is loaded, so that the daemon takes the connection meanwhile, the request can
 * be written at once, and V8 collects its garbage while it waits for the answer. Null where the command goes elsewhere or
 * nobody listens; what goes wrong is told by the connection that the command then makes itself.
 */
export async function connectAhead(options: DaemonOptions): Promise<Socket | null> {
  try {
    if (findTarget(options.config, options.paths, undefined) !== null) return null
    const socket = await connectIfRunning(options)
    // A command that asks for nothing ends nevertheless.
    return socket?.on('error', () => {}).unref() ?? null
  } catch {
    return null
  }
}
