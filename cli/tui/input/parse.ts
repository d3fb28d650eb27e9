/** What comes from a terminal, in words: `j`, `ctrl-d`, `alt-b`, `up`, `shift-tab`, or pasted text, or the mouse. */
export type Input =
  | { kind: 'key'; key: string }
  | { kind: 'paste'; text: string }
  | { kind: 'mouse'; act: MouseAct; x: number; y: number; shift: boolean }
  | { kind: 'focus'; has: boolean }

export type MouseAct = 'press' | 'drag' | 'release' | 'wheel-up' | 'wheel-down'

export type Parser = {
  /** What a chunk completes. What may still go on waits for the next one. */
  push: (chunk: string) => Input[]
  /** True while an Escape waits, which alone is a key too. */
  isWaiting: () => boolean
  /** Nothing follows: an Escape that waits is the key. */
  flush: () => Input[]
}

const pasteStart = '\x1b[200~'
const pasteEnd = '\x1b[201~'
/** A paste that never ends would otherwise be kept for ever. */
const longestPaste = 4_000_000

/** By the final byte of `ESC [ … X` and `ESC O X`. */
const byLetter: Record<string, string> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  H: 'home',
  F: 'end',
  Z: 'shift-tab',
  P: 'f1',
  Q: 'f2',
  R: 'f3',
  S: 'f4',
}
/** By the number of `ESC [ n ~`. */
const byNumber: Record<string, string> = {
  1: 'home',
  2: 'insert',
  3: 'delete',
  4: 'end',
  5: 'pageup',
  6: 'pagedown',
  7: 'home',
  8: 'end',
  11: 'f1',
  12: 'f2',
  13: 'f3',
  14: 'f4',
  15: 'f5',
  17: 'f6',
  18: 'f7',
  19: 'f8',
  20: 'f9',
  21: 'f10',
}
const byControl: Record<string, string> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\x7f': 'backspace',
  '\x1b': 'escape',
  ' ': 'space',
  '\x00': 'ctrl-space',
  '\x1c': 'ctrl-\\',
  '\x1d': 'ctrl-]',
  '\x1e': 'ctrl-^',
  '\x1f': 'ctrl-_',
}

const plainKey = (char: string): string => {
  const named = byControl[char]
  if (named !== undefined) return named
  const code = char.charCodeAt(0)
  return code < 0x20 ? `ctrl-${String.fromCharCode(code + 0x60)}` : char
}

/** xterm's modifier parameter: 1 + shift 1, alt 2, ctrl 4. */
function withModifiers(name: string, parameter: string | undefined): string {
  const bits = Number(parameter ?? 1) - 1
  const words = [bits & 4 ? 'ctrl-' : '', bits & 2 ? 'alt-' : '', bits & 1 ? 'shift-' : '']
  return words.join('') + name
}

const wheel = 64
const motion = 32

/** `ESC [ < b ; x ; y M`: the SGR form, which alone can say more than 223 columns. Answers cells from 0. */
function readMouse(body: string, final: string): Input[] {
  const [buttons = 0, x = 1, y = 1] = body.slice(1).split(';').map(Number)
  const place = { kind: 'mouse' as const, x: x - 1, y: y - 1, shift: (buttons & 4) !== 0 }
  if (buttons & wheel) return [{ ...place, act: buttons & 1 ? 'wheel-down' : 'wheel-up' }]
  // Only the left button does something; the others belong to the terminal.
  if ((buttons & 3) !== 0 && final === 'M') return []
  if (final === 'm') return [{ ...place, act: 'release' }]
  return [{ ...place, act: buttons & motion ? 'drag' : 'press' }]
}

function readCsi(body: string, final: string): Input[] {
  if (body.startsWith('<')) return readMouse(body, final)
  if (body === '' && (final === 'I' || final === 'O')) return [{ kind: 'focus', has: final === 'I' }]
  const [number = '', modifier] = body.split(';')
  // Where a cursor stands is told in the same form as F3 with modifiers, but for the 1.
  const isLetter = number === '' || number === '1'
  const name = final === '~' ? byNumber[number] : isLetter ? byLetter[final] : undefined
  // An answer of the terminal, or a key that means nothing here.
  return name === undefined ? [] : [{ kind: 'key', key: withModifiers(name, modifier) }]
}

type Read = { inputs: Input[]; next: number } | null

/** Reads what begins with Escape at `at`; null while its end is not there. */
function readEscape(text: string, at: number): Read {
  if (text.startsWith(pasteStart, at)) {
    const from = at + pasteStart.length
    const end = text.indexOf(pasteEnd, from)
    if (end < 0 && text.length - from < longestPaste) return null
    const to = end < 0 ? text.length : end
    return {
      inputs: [{ kind: 'paste', text: text.slice(from, to) }],
      next: end < 0 ? to : end + pasteEnd.length,
    }
  }
  const second = text[at + 1]
  if (second === undefined) return null
  if (second === '[') {
    const sequence = /[\x30-\x3f]*[\x20-\x2f]*/y
    sequence.lastIndex = at + 2
    const body = sequence.exec(text)![0]
    const final = text[at + 2 + body.length]
    if (final === undefined) return null
    return { inputs: readCsi(body, final), next: at + 3 + body.length }
  }
  if (second === 'O') {
    const final = text[at + 2]
    if (final === undefined) return null
    const name = byLetter[final]
    return { inputs: name === undefined ? [] : [{ kind: 'key', key: name }], next: at + 3 }
  }
  if (second === '\x1b') return { inputs: [{ kind: 'key', key: 'escape' }], next: at + 1 }
  const char = String.fromCodePoint(text.codePointAt(at + 1)!)
  return { inputs: [{ kind: 'key', key: `alt-${plainKey(char)}` }], next: at + 1 + char.length }
}

/** Splits the bytes of a terminal into keys, pastes and the mouse, wherever chunks happen to end. */
export function createParser(): Parser {
  let waiting = ''
  const push = (chunk: string): Input[] => {
    const text = waiting + chunk
    waiting = ''
    const inputs: Input[] = []
    let at = 0
    while (at < text.length) {
      if (text[at] === '\x1b') {
        const read = readEscape(text, at)
        if (read === null) {
          waiting = text.slice(at)
          break
        }
        inputs.push(...read.inputs)
        at = read.next
        continue
      }
      const char = String.fromCodePoint(text.codePointAt(at)!)
      inputs.push({ kind: 'key', key: plainKey(char) })
      at += char.length
    }
    return inputs
  }
  return {
    push,
    isWaiting: () => waiting !== '' && !waiting.startsWith(pasteStart),
    flush: () => {
      const rest = waiting
      waiting = ''
      if (rest === '') return []
      // `ESC` alone, or `ESC [` typed as two keys.
      return [
        { kind: 'key', key: 'escape' },
        ...[...rest.slice(1)].map((char): Input => ({ kind: 'key', key: plainKey(char) })),
      ]
    },
  }
}
