import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keyText } from './key-text.ts'
import { type Binding, bindings, hintsFor, keysOf, lookUp } from './keys.ts'
import { helpTable } from './view/help.ts'

const screens = ['tasks', 'detail', 'recurring', 'log', 'help', 'problem'] as const
const keys = keysOf()

test('on no screen does a key mean two things, and none hides a longer one', () => {
  for (const screen of screens) {
    const taken = new Map<string, string>()
    for (const { name, on, keys: own } of bindings as readonly Binding[]) {
      if (!on.includes(screen)) continue
      for (const key of own) {
        assert.equal(taken.get(key), undefined, `${key} on ${screen}: ${name}`)
        taken.set(key, name)
      }
    }
    for (const key of taken.keys()) {
      const [first, ...rest] = key.split(' ')
      if (rest.length > 0) assert.equal(taken.get(first!), undefined, `${first} hides ${key} on ${screen}`)
    }
  }
})

test('every screen can be left and explains itself', () => {
  for (const screen of screens) {
    for (const key of ['q', 'escape', '?', ':', 'ctrl-c']) {
      assert.ok(lookUp(keys, screen, [key]), `${key} on ${screen}`)
    }
  }
})

test('a key of two is waited for, and each of its ends is found', () => {
  assert.equal(lookUp(keys, 'tasks', ['g']), 'unfinished')
  assert.deepEqual(lookUp(keys, 'tasks', ['g', 'g']), { name: 'first' })
  assert.deepEqual(lookUp(keys, 'tasks', ['g', 'd']), { name: 'by-due' })
  assert.equal(lookUp(keys, 'tasks', ['g', 'z']), null)
})

test('arrows and their kin do what the letters do', () => {
  for (const [letter, key] of [
    ['j', 'down'],
    ['k', 'up'],
    ['h', 'left'],
    ['l', 'right'],
    ['G', 'end'],
  ] as const) {
    assert.deepEqual(lookUp(keys, 'tasks', [letter]), lookUp(keys, 'tasks', [key]))
  }
})

test('the settings change keys, and hints and help follow', () => {
  const own = keysOf({ done: ['ctrl-x', 'Z'] })
  assert.equal(lookUp(own, 'tasks', ['d']), null)
  assert.deepEqual(lookUp(own, 'tasks', ['Z']), { name: 'done' })
  assert.ok(hintsFor(own, 'tasks').some(({ key, word }) => key === 'Ctrl-X' && word === 'done'))
  assert.ok(helpTable(own, 'tasks', '').some(({ keys: shown }) => shown === 'Ctrl-X  Z'))
})

test('help tells every key, those of the screen it was asked on first, and can be searched', () => {
  const table = helpTable(keys, 'recurring', '')
  for (const { does } of bindings)
    assert.ok(
      table.some((row) => row.does === does),
      does,
    )
  const at = (does: string) => table.findIndex((row) => row.does === does)
  assert.ok(at('Pause, or resume') < at('Done, or open again'))
  const found = helpTable(keys, 'tasks', 'undo').filter(({ isHead }) => !isHead)
  assert.deepEqual(
    found.map(({ keys: shown }) => shown),
    ['u'],
  )
})

test('keys are written as people write them', () => {
  const written = ['ctrl-d', 'g g', 'shift-left', 'enter', 'G', 'pagedown', 'alt-b'].map(keyText)
  assert.deepEqual(written, ['Ctrl-D', 'gg', 'Shift-←', '⏎', 'G', 'PgDn', 'Alt-B'])
})
