import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { keyText } from './key-text.ts'
import { bindings } from './keys.ts'

test('docs/board.md has every key of the table', () => {
  const text = readFileSync(join(import.meta.dirname, '../../docs/board.md'), 'utf8')
  for (const { name, keys } of bindings) {
    const [row] = text.split('\n').filter((line) => line.endsWith(`| \`${name}\` |`))
    for (const key of keys)
      assert.ok(row?.includes(`\`${keyText(key)}\``), `${name}: run node scripts/board-doc.ts`)
  }
})
