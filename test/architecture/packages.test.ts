import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

const root = join(import.meta.dirname, '../..')
const read = (name: string) => readFileSync(join(root, name), 'utf8')

type Locked = { version: string; integrity?: string; resolved?: string; link?: boolean; optional?: boolean }

/** Tools of other platforms, which are optional, for development only, and were never fetched to be hashed. */
const isForeignTool = (path: string) => /^node_modules\/@biomejs\/cli-/.test(path)

test('every package is locked to its content and to no place, and runs nothing when it is installed', () => {
  const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> }
  const fetched = Object.entries(packages).filter(
    ([path, { link }]) => path.startsWith('node_modules/') && !link,
  )
  assert.ok(fetched.length > 100)
  for (const [path, { integrity, resolved, optional }] of fetched) {
    assert.equal(resolved, undefined, `${path} comes from ${resolved}`)
    if (isForeignTool(path)) assert.ok(optional, path)
    else assert.match(integrity ?? '', /^sha512-/, path)
  }
  assert.match(read('.npmrc'), /^ignore-scripts=true$/m)
})
