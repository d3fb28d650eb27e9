import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

const root = join(import.meta.dirname, '..')
const text = readFileSync(join(root, 'docs/security.md'), 'utf8')

test('every file and every test that docs/security.md names is there', () => {
  let file = ''
  let titles = 0
  for (const [, path, title] of text.matchAll(/`([\w./-]+\.\w+)`|“([^”]+)”/g)) {
    if (path !== undefined) {
      assert.ok(existsSync(join(root, path)), `${path} is missing`)
      file = path
    } else if (title !== undefined) {
      titles += 1
      assert.ok(readFileSync(join(root, file), 'utf8').includes(title), `${file} has no test “${title}”`)
    }
  }
  assert.ok(titles > 50)
})

test('docs/security.md has a line for each of the 35 items', () => {
  const numbers = [...text.matchAll(/^\| (\d+) \|/gm)].map(([, number]) => Number(number))
  assert.deepEqual(
    numbers,
    Array.from({ length: 35 }, (_, n) => n + 1),
  )
})
