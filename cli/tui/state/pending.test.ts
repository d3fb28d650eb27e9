import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cardOf, stateOf, titlesOf } from '../../../test/support/board-state.ts'
import type { Op } from '../model.ts'
import { replaced } from './columns.ts'
import {
  dropped,
  firstRejected,
  firstWaiting,
  pendingIds,
  postponed,
  queued,
  rejected,
  relaid,
  retried,
  settled,
} from './pending.ts'

const cards = [1, 2].map((id) => cardOf({ id, title: `t${id}` }))
const op = (more: Partial<Op> = {}): Op => ({
  id: 1,
  label: 'Done: t1',
  key: 'k',
  operations: [{ op: 'complete', id: 1 }],
  added: null,
  expected: null,
  patches: new Map([[1, { status: 'done' as const }]]),
  state: 'waiting',
  reason: null,
  attempts: 0,
  ...more,
})

test('a change shows at once and stands as pending', () => {
  const state = queued(stateOf(cards), op())
  assert.deepEqual(titlesOf(state), { todo: ['t2'], doing: [], done: ['t1'] })
  assert.deepEqual([...pendingIds(state)], [1])
})

test('an answer that was on its way before the change does not take it back', () => {
  const state = queued(stateOf(cards), op())
  const stale = replaced(state, state.epoch, 'todo', { items: cards, more: null, from: 'start' })
  assert.deepEqual(titlesOf(relaid(stale)).todo, ['t2'])
})

test('when the service has done it, its word counts and nothing is pending', () => {
  const state = queued(stateOf(cards), op())
  const next = settled(state, 1, new Map([[1, cardOf({ id: 1, title: 't1!', status: 'done', version: 2 })]]))
  assert.deepEqual(titlesOf(next), { todo: ['t2'], doing: [], done: ['t1!'] })
  assert.equal(pendingIds(next).size, 0)
})

test('an older answer does not replace a newer task', () => {
  const state = stateOf([cardOf({ id: 1, title: 'new', version: 5 })])
  const next = settled(
    queued(state, op({ patches: new Map() })),
    1,
    new Map([[1, cardOf({ id: 1, title: 'old', version: 4 })]]),
  )
  assert.deepEqual(titlesOf(next).todo, ['new'])
})

test('while the service is away changes wait in their order; a refused one waits for a word', () => {
  const first = queued(stateOf(cards), op())
  const both = queued(first, op({ id: 2, patches: new Map([[2, null]]) }))
  const away = postponed(both, 1)
  assert.equal(firstWaiting(away)!.id, 1)
  assert.deepEqual(titlesOf(away), { todo: [], doing: [], done: ['t1'] })
  const refused = rejected(away, 1, 'no')
  assert.equal(firstWaiting(refused)!.id, 2)
  assert.deepEqual([firstRejected(refused)!.reason, [...pendingIds(refused)]], ['no', [2]])
  assert.equal(firstWaiting(retried(refused, 1))!.id, 1)
  assert.equal(firstRejected(dropped(refused, 1)), null)
})

test('a new task has a card at once, which gives way to the stored one', () => {
  const added = cardOf({ id: -1, title: 'new' })
  const state = queued(stateOf(cards), op({ patches: new Map(), added }))
  assert.deepEqual(
    titlesOf(state).todo,
    ['new', 't1', 't2'].sort((a, b) => (a === 'new' ? -1 : a < b ? -1 : 1)),
  )
  const next = settled(state, 1, new Map([[9, cardOf({ id: 9, title: 'new' })]]))
  assert.deepEqual(titlesOf(next).todo, ['t1', 't2', 'new'])
})
