import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

const root = join(import.meta.dirname, '..')
const lists = [
  { name: 'docs/api-checks.md', items: 39 },
  { name: 'docs/security.md', items: 35 },
  { name: 'docs/board.md', items: 28, from: '## What is promised' },
].map(({ name, items, from = '' }) => {
  const text = readFileSync(join(root, name), 'utf8')
  return { name, items, text: text.slice(text.indexOf(from)) }
})

for (const { name, items, text } of lists) {
  test(`every file and every test that ${name} names is there`, () => {
    let file = ''
    let titles = 0
    for (const [, path, title] of text.matchAll(/`([\w./-]+\.\w+)`|“([^”]+)”/g)) {
      if (path !== undefined) {
        assert.ok(existsSync(join(root, path)), `${path} is missing`)
        file = path
      } else if (title !== undefined) {
        titles += 1
        // The title as a test's, not as a word in a comment; the file may quote it with either mark.
        const source = readFileSync(join(root, file), 'utf8')
        const isTest = ["'", '"', '`'].some((mark) => source.includes(`test(${mark}${title}${mark}`))
        assert.ok(isTest, `${file} has no test “${title}”`)
      }
    }
    assert.ok(titles > items)
  })

  test(`${name} has a line for each of its ${items} items`, () => {
    const numbers = [...text.matchAll(/^\| (\d+) \|/gm)].map(([, number]) => Number(number))
    assert.deepEqual(
      numbers,
      Array.from({ length: items }, (_, n) => n + 1),
    )
  })
}
