import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseFilter } from '../../../shared/filter.ts'
import { cardOf } from '../../../test/support/board-state.ts'
import { matches } from './match.ts'
import { compareBy } from './order.ts'

const clock = { now: new Date('2026-11-27T12:00:00Z'), timeZone: 'UTC' }
const tag = (name: string) => ({ id: 1, name, color: null })

const cards = {
  Buy: cardOf({
    tags: [tag('home'), tag('shop')],
    project: 'house',
    due_date: '2026-11-27',
    description: 'milk',
  }),
  Pay: cardOf({ tags: [tag('Home')], priority_id: 3, due_at: '2026-11-27T23:30:00Z', description: '' }),
  Ship: cardOf({ project: 'work.api', status: 'doing', due_at: '2026-11-28T07:30:00Z', description: '' }),
  Old: cardOf({
    tags: [tag('shop')],
    status: 'done',
    project: 'work',
    due_date: '2026-11-20',
    description: '',
  }),
  Late: cardOf({ due_date: '2020-01-01', project: 'workshop', description: '' }),
}

const filters: [filter: string, found: string][] = [
  ['', 'Buy Pay Ship Old Late'],
  ['+home', 'Buy Pay'],
  ['-home', 'Ship Old Late'],
  ['tag:', 'Ship Late'],
  ['project:work', 'Ship Old'],
  ['project:', 'Pay'],
  ['pri:high', 'Pay'],
  ['status:doing or status:done', 'Ship Old'],
  ['due:2026-11-27', 'Buy Pay'],
  ['not due.before:2026-11-28', 'Ship'],
  ['due.by:2026-11-27T23:30:00Z', 'Pay Old Late'],
  ['due.from:2026-11-28T00:00:00Z', 'Ship'],
  ['overdue', 'Late'],
  ['milk', 'Buy'],
  ['(milk +shop) or (overdue -home)', 'Buy Late'],
]

for (const [filter, found] of filters) {
  test(`a card passes ${filter || 'no filter'} as the service has it: ${found}`, () => {
    const passed = Object.entries(cards).filter(([, card]) => matches(parseFilter(filter), card, clock))
    assert.equal(passed.map(([name]) => name).join(' '), found)
  })
}

test('a day is the day of the zone', () => {
  const filter = parseFilter('due:2026-11-28')
  assert.equal(matches(filter, cards.Pay, clock), false)
  assert.equal(matches(filter, cards.Pay, { ...clock, timeZone: 'Europe/Berlin' }), true)
})

test('a text that may be in the note, which is not here, is for the service to say', () => {
  const card = cardOf({ title: 'Buy' })
  assert.equal(matches(parseFilter('milk'), card, clock), null)
  assert.equal(matches(parseFilter('milk or Buy'), card, clock), true)
  assert.equal(matches(parseFilter('milk status:done'), card, clock), false)
  assert.equal(matches(parseFilter('not milk'), card, clock), null)
})

test('cards stand in the order of the service, ties by number, without due last both ways', () => {
  const [a, b, c] = [
    cardOf({ id: 1 }),
    cardOf({ id: 2, due_date: '2026-11-27' }),
    cardOf({ id: 3, due_at: '2026-11-27T08:00:00Z' }),
  ]
  const order = (sort: string) =>
    [a, b, c]
      .sort(compareBy(sort, clock.now))
      .map(({ id }) => id)
      .join('')
  assert.equal(order('due'), '321')
  assert.equal(order('-due'), '231')
  assert.equal(order('priority'), '123')
  assert.equal(order('-priority'), '321')
  assert.equal(order('title'), '123')
})
