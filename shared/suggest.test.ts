import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { didYouMean, editDistance, suggest } from './suggest.ts'

const commands = [
  'add',
  'list',
  'show',
  'edit',
  'start',
  'done',
  'reopen',
  'rm',
  'undo',
  'log',
  'search',
  'today',
]

test('One slip of the finger finds the command that was meant', () => {
  const slips = { lst: 'list', ilst: 'list', lisst: 'list', dnoe: 'done', serach: 'search', strat: 'start' }
  for (const [typed, meant] of Object.entries(slips)) assert.equal(suggest(typed, commands), meant, typed)
})

test('A swap of two neighbours costs one, not two', () => {
  assert.equal(editDistance('tomorrow', 'tomorrwo'), 1)
  assert.equal(editDistance('ab', 'ba'), 1)
})

test('A word that is near to nothing gets no suggestion', () => {
  for (const typed of ['xyzzy', 'deploy', 'q', '', 'zz', '12'])
    assert.equal(suggest(typed, commands), undefined, typed)
})

test('A beginning is completed only when it is the beginning of one word', () => {
  assert.equal(suggest('reop', commands), 'reopen')
  assert.equal(suggest('prio', ['priority', 'priorities']), undefined)
})

test('Case does not matter and the candidate keeps its own spelling', () => {
  assert.equal(suggest('HIGHT', ['Low', 'High']), 'High')
})

test('Of two equally near words the one with the same first letter wins', () => {
  assert.equal(suggest('word', ['ford', 'ward']), 'ward')
})

test('The tail of an error line names the guess or is empty', () => {
  assert.equal(didYouMean('lst', commands), ', did you mean list?')
  assert.equal(didYouMean('xyzzy', commands), '')
})

test('Distance is symmetric, zero only for equal words, and the limit never changes an answer within it', () => {
  const word = fc.string({ maxLength: 9, unit: fc.constantFrom('a', 'b', 'c') })
  fc.assert(
    fc.property(word, word, fc.integer({ min: 0, max: 9 }), (a, b, limit) => {
      const exact = editDistance(a, b)
      assert.equal(editDistance(b, a), exact)
      assert.equal(exact === 0, a === b)
      assert.equal(editDistance(a, b, limit), exact <= limit ? exact : limit + 1)
    }),
  )
})
