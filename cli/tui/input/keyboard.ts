import type { Output } from '../../terminal.ts'
import type { State } from '../model.ts'
import { createParser, type Input } from './parse.ts'

/** Bytes of one key that travel a slow line apart come within this; a lone Escape is told after it. */
const escapeWaitMs = 50

/** What a terminal sees wider than we do is cut at its edge; wrapped, it would push everything below it down. */
const wrapping = { on: '\x1b[?7h', off: '\x1b[?7l' }
const bracketedPaste = { on: '\x1b[?2004h', off: '\x1b[?2004l' }
/** Clicks, drags and the wheel, in the form that knows wide terminals. Shift-drag stays the terminal's own. */
const mouse = { on: '\x1b[?1000h\x1b[?1002h\x1b[?1006h', off: '\x1b[?1006l\x1b[?1002l\x1b[?1000l' }

export type Keyboard = {
  start: () => void
  /** Gives the terminal back as it was: for the end, a suspension and an editor. */
  stop: () => void
  setMouse: (isOn: boolean) => void
}

/** Reads the terminal in raw mode and tells what was typed. */
export function createKeyboard(
  stdin: NodeJS.ReadStream,
  stdout: Output,
  { mouse: hasMouse, accessible }: Pick<State, 'mouse' | 'accessible'>,
  onInput: (input: Input) => void,
): Keyboard {
  let parser = createParser()
  let isOn = false
  let mouseOn = hasMouse
  let timer: NodeJS.Timeout | undefined
  const tell = (inputs: Input[]) => {
    for (const input of inputs) onInput(input)
  }
  const read = (chunk: string | Buffer) => {
    clearTimeout(timer)
    tell(parser.push(String(chunk)))
    if (parser.isWaiting()) timer = setTimeout(() => tell(parser.flush()), escapeWaitMs)
  }
  return {
    start: () => {
      if (isOn) return
      isOn = true
      parser = createParser()
      stdin.setEncoding('utf8')
      stdin.setRawMode(true)
      stdin.ref()
      stdin.on('data', read)
      stdin.resume()
      stdout.write((accessible ? '' : wrapping.off) + bracketedPaste.on + (mouseOn ? mouse.on : ''))
    },
    stop: () => {
      if (!isOn) return
      isOn = false
      clearTimeout(timer)
      stdin.off('data', read)
      stdin.pause()
      stdout.write((mouseOn ? mouse.off : '') + bracketedPaste.off + (accessible ? '' : wrapping.on))
      stdin.setRawMode(false)
      stdin.unref()
    },
    setMouse: (wanted) => {
      if (isOn && wanted !== mouseOn) stdout.write(wanted ? mouse.on : mouse.off)
      mouseOn = wanted
    },
  }
}
