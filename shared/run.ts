import { AppError } from './errors.ts'
import type { Log } from './log.ts'

/**
 * Runs a service until it ends or is told to stop (SIGTERM, SIGINT); answers its exit code. `work` gets a signal that
 * is aborted then. A start that fails is one line on stderr; what fails later is a bug and is logged as one.
 */
export async function run(work: (signal: AbortSignal) => Promise<void>, log: Log): Promise<number> {
  const stop = new AbortController()
  const onSignal = (name: NodeJS.Signals) => {
    log.info({ signal: name }, 'told to stop')
    stop.abort()
  }
  process.once('SIGTERM', onSignal).once('SIGINT', onSignal)
  try {
    await work(stop.signal)
    return 0
  } catch (error) {
    if (error instanceof AppError) process.stderr.write(`${oneLine(error)}\n`)
    else log.fatal({ err: error }, 'ended by an error')
    return 1
  } finally {
    process.off('SIGTERM', onSignal).off('SIGINT', onSignal)
  }
}

export const oneLine = ({ message, hint }: AppError): string =>
  hint === undefined ? message : `${message} ${hint}`
