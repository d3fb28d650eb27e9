import { render } from 'ink'
import { createApi } from '../../shared/api-client.ts'
import type { Context } from '../context.ts'
import { sendableZone } from '../sendable-zone.ts'
import { lookUp, readSettings } from '../settings.ts'
import { App, type Terminal } from './app.tsx'
import type { Board } from './board.ts'
import { createErrorLog, type ErrorLog, logNotices, told } from './error-log.ts'
import { handle } from './input/handle.ts'
import { createKeyboard } from './input/keyboard.ts'
import { readKeys } from './keys.ts'
import { type Prefetched, withPrefetched } from './prefetch.ts'
import { readRemembered, remember } from './remembered.ts'
import { withColumns } from './state/columns.ts'
import { type BoardOptions, initialState } from './state/initial.ts'
import { todayOf } from './state/match.ts'
import { tell } from './state/notices.ts'
import { createStore } from './store.ts'
import { themeOf } from './terminal-theme.ts'
import { follow } from './work/live.ts'
import { openColumns, openNamed, readNames, readNew, readOn } from './work/load.ts'

const minuteMs = 60_000
const secondMs = 1_000
/** The first drawing waits so long for the tasks; without them it shows its columns, empty. */
const patienceMs = 120

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** An exit code, or the context that the next board is about. */
export type Ending = number | { context: string }

/** Opens the board on the terminal until it is left. */
export async function openBoard(
  given: Context,
  prefetched: Prefetched,
  options: BoardOptions,
): Promise<Ending> {
  const log = createErrorLog(given.paths)
  try {
    return await runBoard(given, prefetched, options, log)
  } catch (error) {
    throw told(error, log)
  } finally {
    log.release()
  }
}

async function runBoard(
  given: Context,
  prefetched: Prefetched,
  options: BoardOptions,
  log: ErrorLog,
): Promise<Ending> {
  const first: string[] = []
  let isFirst = true
  const send = withPrefetched(given.send, prefetched, (path) => isFirst && first.push(path))
  const context = { ...given, send, api: createApi(send) }
  const remembered = readRemembered(context.paths)
  const tree = readSettings(context.paths)
  const stdout = process.stdout
  const { keys, problems } = readKeys(lookUp(tree, 'board.keys'))
  const stop = new AbortController()
  const end = Promise.withResolvers<Ending>()
  const store = createStore(initialState(context, options, remembered, tree, stdout))
  const logLast = logNotices(store, log)
  if (problems.length > 0) store.update((state) => tell(state, 'error', problems[0]!, problems.join('\n')))
  let terminal: Terminal | null = null
  const keyboard = createKeyboard(process.stdin, stdout, store.get(), (input) => handle(board, input))
  const suspend = async (run: () => Promise<void>) => {
    keyboard.stop()
    try {
      await terminal?.suspendTerminal(run)
    } finally {
      keyboard.start()
    }
  }
  const board: Board = {
    store,
    context,
    suspend,
    signal: stop.signal,
    last: null,
    theme: themeOf(context, options, tree),
    zone: sendableZone(context),
    keys,
    quit: end.resolve,
    crash: end.reject,
    goTo: (name) => end.resolve({ context: name }),
    stop: () => suspend(stopped),
    redraw: () => void suspend(async () => {}),
    setMouse: keyboard.setMouse,
    write: (text) => void stdout.write(text),
  }
  const restore = watchProcess(board, keyboard.stop)
  const isRead = Promise.withResolvers<void>()
  const opening = openNamed(board, remembered.selected, isRead.resolve).then(() => {
    isFirst = false
    remember(context.paths, store.get(), first)
    return readNames(board)
  })
  await Promise.race([isRead.promise, opening, pause(patienceMs)])
  keyboard.start()
  const app = render(<App board={board} onReady={(ready) => void (terminal = ready)} />, {
    stdout,
    stdin: process.stdin,
    exitOnCtrlC: false,
    patchConsole: false,
    alternateScreen: !store.get().accessible,
    incrementalRendering: true,
    maxFps: 60,
    isScreenReaderEnabled: store.get().accessible,
  })
  // A view that cannot be drawn ends Ink by itself.
  app.waitUntilExit().catch(board.crash)
  work(board)
  try {
    return await end.promise
  } finally {
    stop.abort()
    logLast()
    keyboard.stop()
    app.unmount()
    await app.waitUntilExit().catch(() => {})
    restore()
    remember(context.paths, store.get(), first)
  }
}

/** Everything that keeps the board fresh while it is open. */
function work(board: Board): void {
  const { store, signal } = board
  void follow(board)
  const tick = () => {
    timer = setTimeout(tick, secondMs)
    const before = store.get()
    const now = board.context.now()
    // How long the service is away is told by the second, dates by the minute.
    if (before.offlineSince === null && now.getTime() - before.now.getTime() < minuteMs) return
    store.update((state) => ({ ...state, now }))
    // Overnight other tasks are late and due today.
    if (todayOf(before) !== todayOf(store.get())) void openColumns(board)
  }
  let timer = setTimeout(tick, secondMs)
  signal.addEventListener('abort', () => clearTimeout(timer))
}

/** Between here and SIGCONT the shell has the terminal. */
const stopped = (): Promise<void> =>
  new Promise((resolve) => {
    process.once('SIGCONT', () => {
      // The terminal tells a new size only to who is in front, which we were not.
      process.kill(process.pid, 'SIGWINCH')
      resolve()
    })
    process.kill(process.pid, 'SIGTSTP')
  })

const endedBy: Partial<Record<NodeJS.Signals, number>> = { SIGTERM: 143, SIGHUP: 129, SIGINT: 130 }

/** A signal ends the board in order; what nobody foresaw leaves the terminal as it was before its text is told. */
function watchProcess(board: Board, release: () => void): () => void {
  const resize = () => {
    const { columns, rows } = process.stdout
    board.store.update((state) => withColumns({ ...state, size: { columns, rows } }, (column) => column))
    readNew(board)
    readOn(board)
  }
  const end = (signal: NodeJS.Signals) => board.quit(endedBy[signal] ?? 1)
  process.stdout.on('resize', resize)
  process.on('exit', release)
  for (const signal of Object.keys(endedBy) as NodeJS.Signals[]) process.on(signal, end)
  process.on('uncaughtException', board.crash)
  return () => {
    process.stdout.off('resize', resize)
    process.off('exit', release)
    for (const signal of Object.keys(endedBy) as NodeJS.Signals[]) process.off(signal, end)
    process.off('uncaughtException', board.crash)
  }
}
