import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AppError } from '../shared/errors.ts'
import { isIdLike, parseRefLines, parseRefs, splitEditWords } from './refs.ts'

test('Single ids, lists and ranges all name ids, in order and once', () => {
  assert.deepEqual(parseRefs(['3']).ids, [3])
  assert.deepEqual(parseRefs(['3', '5']).ids, [3, 5])
  assert.deepEqual(parseRefs(['3,5']).ids, [3, 5])
  assert.deepEqual(parseRefs(['3,', '5']).ids, [3, 5])
  assert.deepEqual(parseRefs(['3-5']).ids, [3, 4, 5])
  assert.deepEqual(parseRefs(['9,3-5,4,#7']).ids, [9, 3, 4, 5, 7])
  assert.deepEqual(parseRefs(['7-7']).ids, [7])
})

test('Words that are no ids are a part of a title: bare ones together, quoted ones alone', () => {
  assert.deepEqual(parseRefs(['pay', 'rent']).titles, ['pay rent'])
  assert.deepEqual(parseRefs(['Pay rent', 'Buy milk']).titles, ['Pay rent', 'Buy milk'])
  assert.deepEqual(parseRefs(['3', 'rent', '5', 'milk']), {
    ids: [3, 5],
    titles: ['rent', 'milk'],
    stdin: false,
  })
})

test('A dash asks for stdin, and two dashes make everything after them title', () => {
  assert.deepEqual(parseRefs(['-']), { ids: [], titles: [], stdin: true })
  assert.deepEqual(parseRefs(['--', '3', '-']), { ids: [], titles: ['3 -'], stdin: false })
})

test('A range of a thousand is taken and one more is refused', () => {
  assert.equal(parseRefs(['1-1000']).ids.length, 1000)
  assert.throws(
    () => parseRefs(['1-1001']),
    (error: AppError) =>
      error.code === 'invalid' && /1,001 ids/.test(error.message) && error.hint !== undefined,
  )
  assert.throws(() => parseRefs(['1-99999999999999999999']), AppError)
})

test('A backward range, zero and an id beyond every integer are refused with a way out', () => {
  assert.throws(
    () => parseRefs(['5-3']),
    (error: AppError) => error.hint === 'Write 3-5.',
  )
  for (const word of ['0', '0-2', '99999999999999999999'])
    assert.throws(() => parseRefs([word]), AppError, word)
})

test('What only resembles ids is title', () => {
  for (const word of ['3-', '-3', '3.5', '3a', '10:30', '2026-11-21', ',3', '3--5', 'x', ''])
    assert.equal(isIdLike(word), false, word)
})

test('Lines of stdin give ids, the first column of a piped list, or a title', () => {
  const lines = ['3', '', '7\ttodo\thigh\t2026-11-27\tPay rent\thome\t', '8 9', 'buy milk', '-', '3']
  assert.deepEqual(parseRefLines(lines), { ids: [3, 7, 8, 9], titles: ['buy milk'], stdin: false })
})

test('Edit takes its leading ids and leaves the rest as the change', () => {
  assert.deepEqual(splitEditWords(['3', '5', 'due:fri']), { refs: ['3', '5'], rest: ['due:fri'] })
  assert.deepEqual(splitEditWords(['3-5,9', 'Pay', 'rent']), { refs: ['3-5,9'], rest: ['Pay', 'rent'] })
  assert.deepEqual(splitEditWords(['-', '+home']), { refs: ['-'], rest: ['+home'] })
  assert.deepEqual(splitEditWords(['3', '--', '5', 'apples']), { refs: ['3'], rest: ['--', '5', 'apples'] })
  assert.deepEqual(splitEditWords(['Pay rent', 'due:fri']), { refs: ['Pay rent'], rest: ['due:fri'] })
  assert.deepEqual(splitEditWords([]), { refs: [], rest: [] })
})
