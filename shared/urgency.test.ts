import assert from 'node:assert/strict'
import { test } from 'node:test'
import { urgencyOf } from './urgency.ts'

const now = new Date('2026-11-21T12:34:00Z')
const plain = {
  status: 'todo',
  priority_id: 2,
  due_date: null,
  due_at: null,
  created_at: '2026-11-21T12:00:00Z',
} as const

test('without a date only priority, status and age count', () => {
  assert.equal(urgencyOf(plain, now), 3)
  assert.equal(urgencyOf({ ...plain, priority_id: 4, status: 'doing' }, now), 12)
  assert.equal(urgencyOf({ ...plain, created_at: '2025-11-21T12:00:00Z' }, now), 5)
})

test('a due date counts a fifth two weeks ahead and in full a week late', () => {
  const due = (due_at: string) => urgencyOf({ ...plain, priority_id: 1, due_at }, now)
  assert.equal(due('2027-11-21T12:00:00Z'), 2.4)
  assert.equal(due('2026-12-05T12:00:00Z'), 2.4)
  assert.equal(due('2026-11-14T12:00:00Z'), 12)
  assert.equal(due('2020-01-01T12:00:00Z'), 12)
  assert.ok(due('2026-11-20T12:00:00Z') > due('2026-11-22T12:00:00Z'))
})

test('an all-day task is due at the end of its day, and a done one is not urgent', () => {
  const day = urgencyOf({ ...plain, due_date: '2026-11-21' }, now)
  assert.equal(day, urgencyOf({ ...plain, due_at: '2026-11-22T00:00:00Z' }, now))
  assert.equal(urgencyOf({ ...plain, status: 'done', due_date: '2026-11-21' }, now), 0)
})
