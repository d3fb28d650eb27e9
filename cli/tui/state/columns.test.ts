import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cardOf, stateOf, titlesOf } from '../../../test/support/board-state.ts'
import { changed, extended, planned, replaced } from './columns.ts'
import { planColumns } from './plans.ts'
import { focused, moveBy, selected, selectIndex, selectTask } from './select.ts'

const three = ['a', 'b', 'c'].map((title, n) => cardOf({ id: n + 1, title }))
const many = Array.from({ length: 100 }, (_, n) => cardOf({ id: n + 1, title: `t${n + 1}` }))
const totals = (state: ReturnType<typeof stateOf>) => state.columns.map((column) => column.total)

test('a task that was started elsewhere goes to its column, and both counts follow', () => {
  const state = stateOf(three)
  const [, b] = three
  const next = changed(state, b!, { ...b!, status: 'doing', version: 2 })
  assert.deepEqual(titlesOf(next), { todo: ['a', 'c'], doing: ['b'], done: [] })
  assert.deepEqual(totals(next), [2, 1, 0])
})

test('the selection stays on its task when others come, go and change places', () => {
  const state = selectTask(stateOf(three), 2)
  const [a, , c] = three
  const after = [
    changed(state, a!, null),
    changed(state, null, cardOf({ id: 9, title: 'new', position: 0 })),
    changed(state, c!, { ...c!, position: 0.5 }),
    changed(state, a!, { ...a!, status: 'done' }),
  ]
  for (const next of after) assert.equal(selected(next)?.title, 'b')
})

test('when the selected task goes, the one that takes its place is selected', () => {
  const state = selectTask(stateOf(three), 2)
  assert.equal(selected(changed(state, three[1]!, null))?.title, 'c')
  const last = selectTask(stateOf(three), 3)
  assert.equal(selected(changed(last, three[2]!, null))?.title, 'b')
})

test('what comes above does not scroll what is seen', () => {
  const state = selectIndex(stateOf(many), 60)
  const top = focused(state)!.items[focused(state)!.top]!.id
  const next = changed(state, null, cardOf({ id: 999, title: 'new', position: 0 }))
  assert.equal(focused(next)!.items[focused(next)!.top]!.id, top)
})

test('the selected card is always in sight, at every size', () => {
  for (const rows of [5, 6, 12, 30, 60]) {
    const state = stateOf(many, { size: { columns: 80, rows } })
    for (const by of [0, 1, 7, 50, 200, -3, -500]) {
      const column = focused(moveBy(moveBy(state, 40), by))!
      assert.ok(column.index >= column.top, `${rows} rows, by ${by}`)
      assert.ok(column.index < column.items.length)
    }
  }
})

test('a card whose place is beyond what is here only counts', () => {
  const state = stateOf(many)
  const open = { ...state, columns: state.columns.map((column) => ({ ...column, more: 'cursor' })) }
  const next = changed(open, null, cardOf({ id: 500, title: 'far', position: 1000 }))
  assert.equal(focused(next)!.items.length, 100)
  assert.equal(focused(next)!.total, 101)
})

test('a page behind is put behind once, a page before keeps the selection', () => {
  const state = selectTask(stateOf(three), 2)
  const more = [cardOf({ id: 3, title: 'c' }), cardOf({ id: 4, title: 'd' })]
  const next = extended(state, state.epoch, 'todo', { items: more, more: null, from: 'start' })
  assert.deepEqual(titlesOf(next).todo, ['a', 'b', 'c', 'd'])
  const turned = replaced(state, state.epoch, 'todo', { items: [...three].reverse(), more: 'x', from: 'end' })
  assert.equal(selected(turned)?.title, 'c', 'the end is selected')
  const back = extended(turned, turned.epoch, 'todo', {
    items: [cardOf({ id: 0, title: 'z' })],
    more: null,
    from: 'end',
  })
  assert.deepEqual(titlesOf(back).todo, ['z', 'a', 'b', 'c'])
  assert.equal(selected(back)?.title, 'c')
})

test('the answer to an older question is dropped', () => {
  const state = stateOf(three)
  const next = planned(state, planColumns(state.where, { kind: 'text', text: 'x' }, state))
  assert.equal(replaced(next, state.epoch, 'todo', { items: [], more: null, from: 'start' }), next)
})

test('another view of the same tasks keeps the columns that have the same name', () => {
  const state = stateOf(three)
  const next = planned(state, planColumns(state.where, { kind: 'text', text: 'a' }, state))
  assert.deepEqual(
    titlesOf(next).todo,
    ['a'],
    'what does not surely belong there goes before the answer comes',
  )
})
