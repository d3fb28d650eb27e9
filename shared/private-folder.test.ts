import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { ensurePrivateFolder, isPrivateFolder } from './private-folder.ts'

const base = mkdtempSync(join(tmpdir(), 'todo-private-'))
after(() => rmSync(base, { recursive: true }))

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8)

test('a new folder and the parents made for it are closed to others', () => {
  ensurePrivateFolder(join(base, 'new/run'))
  assert.equal(modeOf(join(base, 'new')), '700')
  assert.equal(modeOf(join(base, 'new/run')), '700')
})

test('a folder that others could look into is closed', () => {
  const path = join(base, 'open')
  mkdirSync(path)
  chmodSync(path, 0o755)
  ensurePrivateFolder(path)
  assert.equal(modeOf(path), '700')
})

test('nothing there is no fault, and nothing is made by asking', () => {
  assert.equal(isPrivateFolder(join(base, 'none')), false)
  assert.equal(statSync(join(base, 'none'), { throwIfNoEntry: false }), undefined)
})

test('what somebody else may have put there is refused: a writable folder, a link, a file', () => {
  const writable = join(base, 'writable')
  mkdirSync(writable)
  chmodSync(writable, 0o777)
  assert.throws(() => ensurePrivateFolder(writable), { reason: 'unsafe_folder' })
  symlinkSync(base, join(base, 'link'))
  assert.throws(() => ensurePrivateFolder(join(base, 'link')), { reason: 'unsafe_folder' })
  writeFileSync(join(base, 'file'), '')
  assert.throws(() => isPrivateFolder(join(base, 'file')), { reason: 'unsafe_folder' })
})

test("another user's folder is refused", {
  skip: process.getuid?.() === 0 && 'everything is ours as root',
}, () => {
  assert.throws(() => isPrivateFolder('/'), { reason: 'unsafe_folder' })
})
