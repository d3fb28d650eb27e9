import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shellWords } from './shell-words.ts'

const cases: [line: string, words: string[] | null][] = [
  ['add Buy milk +shop', ['add', 'Buy', 'milk', '+shop']],
  [`add "Two  words" 'it''s' x`, ['add', 'Two  words', 'its', 'x']],
  [`add "say \\"hi\\"" it\\'s a\\ b`, ['add', 'say "hi"', "it's", 'a b']],
  [`add 'no \\ escape' "\\n stays"`, ['add', 'no \\ escape', '\\n stays']],
  ['list  # what is open', ['list']],
  ['add #1 issue#2 ', ['add']],
  ['add due:"fri 17:00" ""', ['add', 'due:fri 17:00', '']],
  ['  ', []],
  ['add "open', null],
  ["it's", null],
]

for (const [line, words] of cases) {
  test(`the line ${line} is read as a shell reads it`, () => {
    assert.deepEqual(shellWords(line), words)
  })
}
