import type { Context } from '../context.ts'
import type { Keys } from './keys.ts'
import type { Store } from './store.ts'
import type { Theme } from './theme.ts'

/** What the commands of the board work with. */
export type Board = {
  store: Store
  context: Context
  theme: Theme
  /** The name of the user's zone, as the service knows it. */
  zone: string
  /** Ends the board with this exit code. */
  quit: (code: number) => void
  /** Ends it to open another one with the context of this name. */
  goTo: (name: string) => void
  /** Ends it with what nobody foresaw, which is told when the terminal is as it was. */
  crash: (error: Error) => void
  /** Gives the terminal to another program and takes it back, drawn anew. */
  suspend: (run: () => Promise<void>) => Promise<void>
  /** Gives the terminal to the shell until `fg`. */
  stop: () => Promise<void>
  /** Draws everything again, for a terminal that something else has written on. */
  redraw: () => void
  setMouse: (isOn: boolean) => void
  /** To the terminal itself, past what is drawn: for the clipboard. */
  write: (text: string) => void
  signal: AbortSignal
  keys: Keys
  /** The last change, for doing it again somewhere else. */
  last: (() => void) | null
}
