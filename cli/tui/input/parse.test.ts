import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createParser, type Input } from './parse.ts'

const keys = (inputs: Input[]) => inputs.map((input) => (input.kind === 'key' ? input.key : input))

const cases: [bytes: string, keys: string[]][] = [
  ['jjk', ['j', 'j', 'k']],
  ['j\x04\r', ['j', 'ctrl-d', 'enter']],
  ['\x1b[A\x1b[B\x1bOC\x1bOD', ['up', 'down', 'right', 'left']],
  ['\x1b[1;5C\x1b[1;2A\x1b[1;3B', ['ctrl-right', 'shift-up', 'alt-down']],
  ['\x1b[5~\x1b[6~\x1b[3~\x1b[H\x1b[F\x1b[Z', ['pageup', 'pagedown', 'delete', 'home', 'end', 'shift-tab']],
  ['\x1bb\x1bf\x1b\x7f', ['alt-b', 'alt-f', 'alt-backspace']],
  ['ü買🛒', ['ü', '買', '🛒']],
  [' \t\x7f\x00', ['space', 'tab', 'backspace', 'ctrl-space']],
  ['\x1bOP', ['f1']],
  ['\x1b[?1;2c\x1b[12;40R', []],
]

for (const [bytes, expected] of cases) {
  test(`${JSON.stringify(bytes)} is ${expected.join(' ') || 'no key'}`, () => {
    const parser = createParser()
    assert.deepEqual(keys(parser.push(bytes)), expected)
    assert.equal(parser.isWaiting(), false)
  })
}

test('however the bytes are cut into chunks, the keys are the same', () => {
  const bytes = 'a\x1b[1;5C\x1b[<0;12;4Mü\x1b[200~two\nlines\x1b[201~z'
  const whole = createParser().push(bytes)
  for (let at = 1; at < bytes.length; at += 1) {
    const parser = createParser()
    const parts = [...parser.push(bytes.slice(0, at)), ...parser.push(bytes.slice(at))]
    assert.deepEqual(parts, whole, `cut at ${at}`)
  }
})

test('Escape alone waits for what may follow, and is a key when nothing does', () => {
  const parser = createParser()
  assert.deepEqual(parser.push('\x1b'), [])
  assert.equal(parser.isWaiting(), true)
  assert.deepEqual(keys(parser.flush()), ['escape'])
  assert.deepEqual(keys(parser.push('\x1b\x1b[A')), ['escape', 'up'])
})

test('pasted text is one input, keys in it are text', () => {
  const parser = createParser()
  assert.deepEqual(parser.push('\x1b[200~q\x03\nx'), [])
  assert.equal(parser.isWaiting(), false, 'a paste takes its time')
  assert.deepEqual(parser.push('\x1b[201~j'), [
    { kind: 'paste', text: 'q\x03\nx' },
    { kind: 'key', key: 'j' },
  ])
})

test('the mouse tells cells from 0; only the left button and the wheel are ours', () => {
  const parser = createParser()
  const at = { kind: 'mouse', x: 199, y: 4, shift: false }
  assert.deepEqual(parser.push('\x1b[<0;200;5M'), [{ ...at, act: 'press' }])
  assert.deepEqual(parser.push('\x1b[<32;200;5M'), [{ ...at, act: 'drag' }])
  assert.deepEqual(parser.push('\x1b[<0;200;5m'), [{ ...at, act: 'release' }])
  assert.deepEqual(parser.push('\x1b[<64;200;5M\x1b[<65;200;5M'), [
    { ...at, act: 'wheel-up' },
    { ...at, act: 'wheel-down' },
  ])
  assert.deepEqual(parser.push('\x1b[<4;200;5M'), [{ ...at, act: 'press', shift: true }])
  assert.deepEqual(parser.push('\x1b[<2;200;5M'), [])
})
