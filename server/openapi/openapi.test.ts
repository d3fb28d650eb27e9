import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createConfig, lintFromString } from '@redocly/openapi-core'
import { createAccountsApi } from '../../test/support/accounts.ts'
import { createTestApi } from '../../test/support/api.ts'
import { contractOf, validator } from '../../test/support/contract.ts'

const api = await createTestApi()
const accounts = await createAccountsApi()
const { text, json: document } = await accounts.call('GET', '/openapi.json')

test('the description is valid OpenAPI 3.1, and a strict linter finds nothing', async () => {
  const config = await createConfig({ extends: ['recommended-strict'] })
  const problems = await lintFromString({ source: text, absoluteRef: '/openapi.json', config })
  assert.deepEqual(
    problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer}`),
    [],
  )
})

test('the linter is awake: it finds a description that promises an unknown schema', async () => {
  const config = await createConfig({ extends: ['recommended-strict'] })
  const source = text.replace('#/components/schemas/TaskPatch', '#/components/schemas/Nothing')
  assert.ok((await lintFromString({ source, absoluteRef: '/openapi.json', config })).length > 0)
})

test('every operation has a name of its own, a summary, a security rule and an answer for failures', () => {
  const operations = Object.entries<object>(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ at: `${method} ${path}`, operation })),
  )
  assert.ok(operations.length >= 20)
  const names = operations.map(({ operation }) => operation.operationId)
  assert.equal(new Set(names).size, names.length)
  for (const { at, operation } of operations) {
    assert.ok(operation.summary && operation.security && operation.tags.length === 1, at)
    if (at.includes('/api/')) assert.ok(operation.responses[503], at)
  }
})

test('what is written and what is read have examples, and the examples are right', () => {
  for (const name of ['Task', 'NewTask', 'TaskPatch', 'Tag', 'NewTag', 'Batch', 'TaskEvent']) {
    const schema = document.components.schemas[name]
    assert.ok(schema.examples?.length > 0, `${name} has no example`)
    const validate = validator(document)(`/components/schemas/${name}`)
    for (const example of schema.examples) {
      assert.ok(validate(example), `${name}: ${JSON.stringify(validate.errors)}`)
    }
  }
})

test('the limits of text are in the description', () => {
  const { title, description } = document.components.schemas.NewTask.properties
  assert.deepEqual([title.minLength, title.maxLength, description.anyOf[0].maxLength], [1, 200, 10_000])
})

test('the description has an ETag and needs no sign-in; another method is 405', async () => {
  const first = await api.call('GET', '/openapi.json', { headers: { authorization: undefined } })
  assert.equal(first.headers.get('content-type'), 'application/json')
  const again = await api.call('GET', '/openapi.json', {
    headers: { 'if-none-match': first.headers.get('etag')! },
  })
  assert.equal(again.status, 304)
  assert.equal((await api.call('POST', '/openapi.json', { body: {} })).status, 405)
})

test('/docs shows every operation and every schema, loads nothing and runs nothing', async () => {
  const { text: html, headers } = await api.call('GET', '/docs')
  const { json: document } = await api.call('GET', '/openapi.json')
  for (const path of Object.keys(document.paths)) assert.ok(html.includes(path), path)
  for (const name of Object.keys(document.components.schemas)) {
    assert.ok(html.includes(`id="schema-${name}"`), name)
  }
  const policy = headers.get('content-security-policy')!
  assert.match(policy, /default-src 'none'/)
  assert.match(policy, /style-src 'sha256-[A-Za-z0-9+/=]+'/)
  assert.doesNotMatch(html, /<script|\son\w+=|style="|src=|@import|url\(/)
  const targets = [...html.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id)
  for (const id of new Set(targets)) assert.ok(html.includes(`id="${id}"`), `nothing has the id ${id}`)
})

test('the comparison of answers with the description is awake', async () => {
  const { check } = await contractOf(api.app)
  const task = (await api.call('POST', 'tasks', { body: { title: 'x' } })).json
  const path = `/api/${api.ann.id}/tasks/${task.id}`
  const headers = new Headers({ 'content-type': 'application/json' })
  const told = (value: object, status = 200) =>
    check('GET', path, { status, headers, text: JSON.stringify(value) })
  told(task)
  assert.throws(() => told({ ...task, colour: 'red' }), /additional properties/)
  assert.throws(() => told({ ...task, due_at: '2026-12-01T09:00:00+00:00' }), /date-time/)
  assert.throws(() => told({ ...task, version: undefined }), /version/)
  assert.throws(() => told(task, 202), /does not know this status/)
})
