import assert from 'node:assert/strict'
import { test } from 'node:test'
import { contrast, createTheme, readable, styles } from './theme.ts'

const papers = { dark: [30, 30, 30], light: [250, 250, 250] } as const

test("a tag's own colour is readable on dark and on light", () => {
  for (const color of [
    '#000000',
    '#FFFFFF',
    '#FF0000',
    '#00FF00',
    '#0000FF',
    '#FFFF00',
    '#808080',
    '#3B82F6',
  ]) {
    for (const name of ['dark', 'light'] as const) {
      assert.ok(contrast(readable(color, name), [...papers[name]]) >= 4.5, `${color} on ${name}`)
    }
  }
})

test('without colours there are none, and with 16 no other', () => {
  for (const style of styles) {
    assert.doesNotMatch(createTheme('none').paint(style, 'x'), /\x1b\[(?:[0-9;]*;)?[349]\d/, style)
    assert.doesNotMatch(createTheme('16').paint(style, 'x'), /[34]8;/, style)
  }
  assert.doesNotMatch(createTheme('none').paintTag('#FF0000', 'x'), /\x1b/)
  assert.doesNotMatch(createTheme('16').paintTag('#FF0000', 'x'), /[34]8;/)
})
