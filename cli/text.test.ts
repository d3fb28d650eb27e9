import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { displayWidth, escapeControls, pad, truncate } from './text.ts'

test('Nothing that a terminal obeys is left in escaped text', () => {
  assert.equal(escapeControls('a\x1b[31mred\x1b[0m'), 'a\\x1b[31mred\\x1b[0m')
  assert.equal(escapeControls('\x1b]0;title\x07'), '\\x1b]0;title\\x07')
  assert.equal(escapeControls('a\tb\r\nc\0\x7f'), 'a\\tb\\r\\nc\\x00\\x7f')
  assert.equal(escapeControls('\u009b31m'), '\\x9b31m')
  assert.equal(escapeControls('abc\u202egpj.exe\u2066'), 'abc\\u202egpj.exe\\u2066')
  assert.equal(escapeControls('\u2028\u2029\ufeff'), '\\u2028\\u2029\\ufeff')
})

test('A surrogate without its other half is shown, a pair stays a character', () => {
  assert.equal(escapeControls('\ud83d'), '\\ud83d')
  assert.equal(escapeControls('x\udc00y\ud800'), 'x\\udc00y\\ud800')
  assert.equal(escapeControls('😀'), '😀')
})

test('Honest text of any script is untouched', () => {
  for (const text of ['Pay rent', 'Grüße', '買い物', 'שלום עולם\u200f', '👨‍👩‍👧', 'क्षि', 'e\u0301', '🏴󠁧󠁢󠁥󠁮󠁧󠁿'])
    assert.equal(escapeControls(text), text)
})

test('A note keeps its lines when asked and nothing else', () => {
  assert.equal(escapeControls('one\ntwo\x1b[2J', { keepLines: true }), 'one\ntwo\\x1b[2J')
})

test('Whatever the text, no control, bidi control or lone surrogate survives', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 0, max: 0xffff }), (text, code) => {
      const safe = escapeControls(text + String.fromCharCode(code))
      assert.doesNotMatch(safe, /[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/)
      assert.ok(safe.isWellFormed())
    }),
  )
})

test('Width counts columns: wide characters and emoji two, marks and joiners none', () => {
  const widths: [string, number][] = [
    ['', 0],
    ['Pay rent', 8],
    ['Grüße', 5],
    ['買い物', 6],
    ['ｶﾞ', 2],
    ['한국어', 6],
    ['\u1112\u1161\u11ab', 2],
    ['e\u0301', 1],
    ['😀', 2],
    ['👍🏽', 2],
    ['👨‍👩‍👧', 2],
    ['🇩🇪', 2],
    ['🇩🇪🇫🇷', 4],
    ['1️⃣', 2],
    ['❤️', 2],
    ['❤', 1],
    ['→ ok', 4],
    ['…', 1],
    ['שלום', 4],
    ['a\u200bb', 2],
    ['（全角）', 8],
    ['🏴󠁧󠁢󠁥󠁮󠁧󠁿', 2],
  ]
  for (const [text, cells] of widths) assert.equal(displayWidth(text), cells, JSON.stringify(text))
})

test('Cut text never exceeds its width, ends with an ellipsis and never splits a character', () => {
  assert.equal(truncate('Pay rent', 8), 'Pay rent')
  assert.equal(truncate('Pay rent', 5), 'Pay …')
  assert.equal(truncate('Pay rent', 1), '…')
  assert.equal(truncate('Pay rent', 0), '')
  assert.equal(truncate('買い物', 6), '買い物')
  assert.equal(truncate('買い物', 5), '買い…')
  assert.equal(truncate('買い物', 4), '買…')
  assert.equal(truncate('a👨‍👩‍👧b', 3), 'a…')
  assert.equal(truncate('a👨‍👩‍👧b', 4), 'a👨‍👩‍👧b')
  assert.equal(truncate('e\u0301e\u0301e\u0301', 2), 'e\u0301…')
})

test('Cut and padded text fits exactly, for every text and width', () => {
  const unit = fc.constantFrom('a', ' ', '買', '😀', '👨‍👩‍👧', 'e\u0301', '🇩🇪', 'ｶﾞ')
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 20 }), fc.integer({ min: 1, max: 30 }), (text, width) => {
      const cut = truncate(text, width)
      assert.ok(displayWidth(cut) <= width)
      assert.equal(cut === text, displayWidth(text) <= width)
      assert.equal(displayWidth(pad(cut, width)), width)
      assert.equal(displayWidth(pad(cut, width, 'left')), width)
    }),
  )
})

test('Padding fills on the asked side and leaves wider text alone', () => {
  assert.equal(pad('ab', 4), 'ab  ')
  assert.equal(pad('ab', 4, 'left'), '  ab')
  assert.equal(pad('買', 4), '買  ')
  assert.equal(pad('abcde', 4), 'abcde')
})
