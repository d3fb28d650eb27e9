import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { bindOf, readCursor, writeCursor } from './cursor.ts'

const refused = { code: 'malformed' }

test('what was written is read again, whatever the sort key', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1 }), (key, id) => {
      assert.deepEqual(readCursor(writeCursor('bind', { key, id }), 'bind'), { key, id })
    }),
  )
})

test('no cursor is the beginning', () => {
  assert.equal(readCursor(undefined, 'bind'), null)
})

test('a cursor of another list is refused', () => {
  const cursor = writeCursor(bindOf('tasks', 'due', { status: 'todo' }), { key: 'x', id: 1 })
  for (const other of [
    bindOf('tasks', 'due', {}),
    bindOf('tasks', '-due', { status: 'todo' }),
    bindOf('tags'),
  ]) {
    assert.throws(() => readCursor(cursor, other), refused)
  }
})

test('anything else is refused and never crashes', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json().map((json) => Buffer.from(json).toString('base64url')),
      ),
      (text) => {
        assert.throws(() => readCursor(text, 'bind'), refused)
      },
    ),
  )
  for (const value of [
    ['bind', 1, 2],
    ['bind', 'x', '2'],
    ['bind', 'x', 1.5],
    ['bind', 'x'],
    { 0: 'bind' },
  ]) {
    assert.throws(() => readCursor(Buffer.from(JSON.stringify(value)).toString('base64url'), 'bind'), refused)
  }
})
