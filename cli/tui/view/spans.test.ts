import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cardOf } from '../../../test/support/board-state.ts'
import { displayWidth } from '../../text.ts'
import { createTheme } from '../theme.ts'
import { cardRows, tableRow } from './card.ts'
import { draw, fit, safe, span, spread, widthOf, wrap } from './spans.ts'

const text = (spans: { text: string }[]) => spans.map((one) => one.text).join('')
const view = { now: new Date('2026-11-21T12:00:00Z'), timeZone: 'UTC' }
const still = { isMarked: false, isPending: false, isSelected: false }

const titles = [
  'Plain',
  '買い物に行く、そして帰る、それから料理する',
  '👩‍👩‍👧 family 🛒 list',
  'עברית שלום עולם',
  'x'.repeat(500),
  'évil \x1b[2J\x07 \u202e backwards',
  'é combined',
]

test('every row of a card is as wide as its column, whatever the title', () => {
  for (const title of titles) {
    for (const width of [10, 26, 39, 40, 80]) {
      const card = cardOf({ title, tags: [{ id: 1, name: '買い物', color: null }], project: 'a.b' })
      for (const row of cardRows(card, still, view, { width, rows: 2 }))
        assert.equal(widthOf(row), width, title)
      assert.equal(widthOf(tableRow(card, still, view, width)), Math.max(width, 1), title)
    }
  }
})

test('nothing of a title is obeyed by the terminal', () => {
  const card = cardOf({ title: 'a\x1b[2J\x9b\u202eb\rc' })
  const [row] = cardRows(card, still, view, { width: 60, rows: 2 })
  assert.doesNotMatch(text(row!), /[\x00-\x1f\x7f-\x9f\u202e]/)
  assert.match(text(row!), /a\\x1b\[2J\\x9b\\u202eb\\rc/)
})

test('what is late, urgent, marked, pending or recurring has a sign beside its colour', () => {
  const card = cardOf({ due_date: '2026-11-20', priority_id: 4, recurring_task_id: 1, status: 'doing' })
  const rows = cardRows(card, { isMarked: true, isPending: true, isSelected: true }, view, {
    width: 60,
    rows: 2,
  })
  const plain = rows.map((row) => draw(createTheme('none'), row)).join('\n')
  const drawn = plain.replaceAll(/\x1b\[[01]?m/g, '')
  assert.match(drawn, /▌●▸ .*↻/)
  assert.match(drawn, /▲▲crit !Fri 20 Nov/)
  assert.doesNotMatch(drawn, /\x1b\[3\d/)
})

test('fit cuts with an ellipsis that stands in the width, and fills up', () => {
  assert.equal(text(fit([span('abc')], 5)), 'abc  ')
  assert.equal(text(fit([span('abc'), span('def')], 5)), 'abcd…')
  assert.equal(text(fit([span('abc'), span('def')], 3)), 'ab…')
  assert.equal(text(fit([safe('買い物')], 5)), '買い…')
  assert.equal(text(fit([], 2)), '  ')
})

test('spread gives way on the left', () => {
  assert.equal(text(spread([span('left')], [span('right')], 8)), 'le…right')
})

test('wrap breaks at blanks, and words that are too long anywhere', () => {
  assert.deepEqual(wrap('one two three', 7), ['one two', 'three'])
  assert.deepEqual(wrap('abcdefgh\n\nx', 3), ['abc', 'def', 'gh', '', 'x'])
  for (const row of wrap('買い物買い物買い物', 5)) assert.ok(displayWidth(row) <= 5)
})
