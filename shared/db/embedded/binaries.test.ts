import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { completeLibraries, findBinaries } from './binaries.ts'

const base = mkdtempSync(join(tmpdir(), 'todo-binaries-'))
after(() => rmSync(base, { recursive: true }))

const links = [
  { source: 'native/lib/libicu.so.60.2', target: 'native/lib/libicu.so.60' },
  { source: 'native/lib/libicu.so.60.2', target: 'native/lib/libicu.so' },
]

/** A package as it lies there when install scripts are off: the library without its links. */
const packageWith = (name: string, list = links) => {
  const root = join(base, name)
  mkdirSync(join(root, 'native/lib'), { recursive: true })
  writeFileSync(join(root, 'native/lib/libicu.so.60.2'), 'library')
  writeFileSync(join(root, 'native/pg-symlinks.json'), JSON.stringify(list))
  return root
}

test("the links are made in the package from the package's own list, relative, and only once", () => {
  const root = packageWith('writable')
  for (const _ of [1, 2]) {
    assert.equal(completeLibraries(root, join(base, 'unused')), null)
    assert.equal(readFileSync(join(root, 'native/lib/libicu.so.60'), 'utf8'), 'library')
    assert.equal(readlinkSync(join(root, 'native/lib/libicu.so')), 'libicu.so.60.2')
  }
})

test('a package that cannot be written to gets its links in the private folder', () => {
  // A missing folder refuses a new link even to root, whom a mode would not stop.
  const elsewhere = [{ source: 'native/lib/libicu.so.60.2', target: 'native/missing/libicu.so.60' }]
  const root = packageWith('readonly', elsewhere)
  const folder = join(base, 'private')
  assert.equal(completeLibraries(root, folder), folder)
  assert.equal(readFileSync(join(folder, 'libicu.so.60'), 'utf8'), 'library')
})

test('links in the private folder follow a package that has moved', () => {
  const elsewhere = [{ source: 'native/lib/libicu.so.60.2', target: 'native/missing/libicu.so.60' }]
  const folder = join(base, 'moving')
  completeLibraries(packageWith('before', elsewhere), folder)
  const root = packageWith('after', elsewhere)
  completeLibraries(root, folder)
  assert.equal(readlinkSync(join(folder, 'libicu.so.60')), join(root, 'native/lib/libicu.so.60.2'))
})

test('the Postgres for this platform is found with its major version', () => {
  const binaries = findBinaries(join(base, 'lib'))
  assert.match(binaries.major, /^\d+$/)
  assert.match(binaries.postgres, /native\/bin\/postgres$/)
})
