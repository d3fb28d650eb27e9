import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Ajv } from 'ajv'
import { strict } from './schemas.ts'

const accepts = (schema: Parameters<typeof strict>[0], value: unknown) =>
  new Ajv({ strict: false }).compile(strict(schema))(value)

test('a field that the definition does not name is refused, at any depth', () => {
  const schema = {
    type: 'object',
    properties: { spec: { type: 'object', properties: { a: { type: 'string' } } } },
  }
  assert.equal(accepts(schema, { spec: { a: 'x' } }), true)
  assert.equal(accepts(schema, { spec: { a: 'x', b: 'y' } }), false)
  assert.equal(accepts(schema, { spec: {}, other: 1 }), false)
})

test('where the definition lets unknown fields through, so do we', () => {
  const schema = { type: 'object', properties: {}, 'x-kubernetes-preserve-unknown-fields': true }
  assert.equal(accepts(schema, { anything: 1 }), true)
})

test('number-or-text and nullable mean what they mean to the API server', () => {
  const port = { 'x-kubernetes-int-or-string': true }
  assert.deepEqual(
    [80, 'http', true].map((value) => accepts(port, value)),
    [true, true, false],
  )
  const name = { type: 'string', nullable: true }
  assert.deepEqual(
    ['a', null, 1].map((value) => accepts(name, value)),
    [true, true, false],
  )
})
