import assert from 'node:assert/strict'
import { test } from 'node:test'
import { after, before, insert, type Line, lineKeys, lineOf, replaceWord, wordAtCursor } from './line.ts'

const press = (line: Line, ...keys: string[]): Line =>
  keys.reduce((now, key) => lineKeys[key]!.act(now), line)
const shown = (line: Line) => `${before(line)}|${after(line)}`

const text = 'one two  three'
const cases: [keys: string[], shown: string][] = [
  [[], 'one two  three|'],
  [['ctrl-a'], '|one two  three'],
  [['ctrl-a', 'ctrl-f', 'right'], 'on|e two  three'],
  [['alt-b'], 'one two  |three'],
  [['alt-b', 'alt-b'], 'one |two  three'],
  [['home', 'alt-f'], 'one| two  three'],
  [['ctrl-w'], 'one two  |'],
  [['ctrl-w', 'alt-backspace'], 'one |'],
  [['alt-b', 'ctrl-u'], '|three'],
  [['alt-b', 'ctrl-k', 'end'], 'one two  |'],
  [['left', 'backspace', 'delete'], 'one two  thr|'],
  [['ctrl-a', 'alt-d', 'ctrl-e'], ' two  three|'],
  [['ctrl-a', 'ctrl-b', 'ctrl-h'], '|one two  three'],
]

for (const [keys, expected] of cases) {
  test(`${keys.join(' ') || 'nothing'} makes of it “${expected}”`, () => {
    assert.equal(shown(press(lineOf(text), ...keys)), expected)
  })
}

test('a character of several code points is one step and one deletion', () => {
  const family = lineOf('a👩‍👩‍👧é')
  assert.equal(family.cursor, 3)
  assert.equal(shown(press(family, 'left', 'left')), 'a|👩‍👩‍👧é')
  assert.equal(shown(press(family, 'left', 'backspace')), 'a|é')
})

test('what is typed goes in where the cursor is', () => {
  assert.equal(shown(insert(press(lineOf('ac'), 'left'), 'b')), 'ab|c')
})

test('a completion takes the place of the word before the cursor', () => {
  const line = press(lineOf('x +ho y'), 'left', 'left')
  assert.deepEqual(wordAtCursor(line), { word: '+ho', from: 2 })
  assert.equal(shown(replaceWord(line, '+home')), 'x +home| y')
})
