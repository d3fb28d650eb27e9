import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { NewTask, TaskPatch } from '../shared/api/task.ts'
import type { AppError } from '../shared/errors.ts'
import { check, refuse } from './validate.ts'

const faultsOf = (value: unknown, schema: typeof NewTask | typeof TaskPatch = NewTask) =>
  check(schema, value)
    .faults.map(({ pointer, code }) => `${pointer} ${code}`)
    .sort()

test('every fault of a task is found at once, with a pointer and a stable code', () => {
  const value = {
    title: '',
    description: 5,
    status: 'x',
    priority: 'hgh',
    tags: ['a', 'b c'],
    due_date: 'soon',
    nope: 1,
  }
  assert.deepEqual(faultsOf(value), [
    '/description invalid',
    '/due_date invalid',
    '/nope unknown_field',
    '/priority not_found',
    '/status invalid',
    '/tags/1 invalid',
    '/title empty',
  ])
})

test('a missing field, one too long and two that exclude each other have their own codes', () => {
  assert.deepEqual(faultsOf({}), ['/title required'])
  assert.deepEqual(faultsOf({ title: 'x'.repeat(201) }), ['/title too_long'])
  assert.deepEqual(faultsOf({ title: 'x', due_date: '2026-01-01', due_at: '2026-01-01T00:00:00Z' }), [
    '/due_at exclusive',
  ])
  assert.deepEqual(faultsOf({ title: 'x', tags: [], tag_ids: [] }), ['/tags exclusive'])
  assert.deepEqual(faultsOf({ title: 'x', priority: 'high', priority_id: 3 }), ['/priority exclusive'])
  assert.deepEqual(faultsOf({ title: null }, TaskPatch), ['/title invalid'])
  assert.deepEqual(faultsOf([], TaskPatch), [' invalid'])
})

test('a pointer is escaped as RFC 6901 wants it', () => {
  assert.deepEqual(faultsOf({ title: 'x', 'a/b': 1, 'm~n': 2 }), [
    '/a~1b unknown_field',
    '/m~0n unknown_field',
  ])
})

test('a title is counted in code points, as a reader counts', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 260 }), (title) => {
      fc.pre(!/^[\s\p{Cc}\p{Cf}]*$/u.test(title) && !title.includes('\0') && title.isWellFormed())
      assert.equal(faultsOf({ title }).length === 0, [...title].length <= 200)
    }),
  )
})

test('a title that nobody can see is empty, one with invisible parts is not', () => {
  for (const title of [' ', '\u3000\t', '\u200b', '\u200d\ufeff', '\u202e', '\u0007\u001b', '\u00ad']) {
    assert.deepEqual(faultsOf({ title }), ['/title empty'], JSON.stringify(title))
  }
  for (const title of ['.', '👩‍👧', '\u202eabc', '。', '⠿']) assert.deepEqual(faultsOf({ title }), [], title)
})

test('limits of numbers and lists are told in words', () => {
  const told = (value: object) =>
    check(NewTask, { title: 'x', ...value }).faults.map(({ message }) => message)
  assert.deepEqual(told({ priority_id: -1 }), ['is less than 1'])
  assert.deepEqual(told({ tag_ids: Array(101).fill(1) }), ['has more than 100 items'])
  assert.deepEqual(told({ tag_ids: [2 ** 60] }), ['is more than 9007199254740991'])
})

test('text that Postgres cannot give back is refused in every field', () => {
  for (const text of ['a\0', '\ud800', 'a\udc00b']) {
    assert.deepEqual(faultsOf({ title: text }), ['/title invalid'])
    assert.deepEqual(faultsOf({ title: 'x', description: text }), ['/description invalid'])
    assert.deepEqual(faultsOf({ title: 'x', tags: [text] }), ['/tags/0 invalid'])
    assert.deepEqual(faultsOf({ title: 'x', project: text }), ['/project invalid'])
  }
})

test('of a thousand faults a hundred are told, and none is repeated at length', () => {
  const value = Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`${n}`.padEnd(5_000, 'x'), 1]))
  assert.throws(
    () => refuse(check(NewTask, { title: 'x', ...value }).faults),
    ({ message, fields }: AppError) => {
      assert.equal(fields.length, 100)
      assert.match(message, /; and more\.$/)
      return message.length + JSON.stringify(fields).length < 50_000
    },
  )
})

test('the refusal says every fault in words, and none is no refusal', () => {
  refuse([])
  assert.throws(() => refuse(check(NewTask, { title: '', nope: 1 }).faults), {
    code: 'invalid',
    message: 'title is empty; nope is not a known field.',
  })
})
