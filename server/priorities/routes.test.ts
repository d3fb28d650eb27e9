import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as z from 'zod'
import { Priority, priorityRoutes } from '../../shared/api/priority.ts'
import { createTestApi } from '../../test/support/api.ts'

const api = await createTestApi()

test('the four priorities are there from the first migration on, lowest first', async () => {
  const { status, json } = await api.call('GET', '/api/priorities')
  assert.equal(status, 200)
  z.array(Priority.strict()).parse(json.items)
  assert.deepEqual(json, {
    items: [
      { id: 1, name: 'Low', level: 1, color: '#6B7280' },
      { id: 2, name: 'Medium', level: 2, color: '#3B82F6' },
      { id: 3, name: 'High', level: 3, color: '#F59E0B' },
      { id: 4, name: 'Critical', level: 4, color: '#EF4444' },
    ],
    next_cursor: null,
  })
})

test('they come in pages like every list', async () => {
  const first = await api.call('GET', '/api/priorities?limit=3')
  assert.equal(first.json.items.length, 3)
  const rest = await api.call('GET', `/api/priorities?limit=3&cursor=${first.json.next_cursor}`)
  assert.deepEqual([rest.json.items.length, rest.json.next_cursor], [1, null])
  assert.equal((await api.call('GET', '/api/priorities?limit=9999')).status, 422)
})

test('nobody can write them', async () => {
  assert.deepEqual(Object.keys(priorityRoutes), ['GET /api/priorities'])
  const { status, headers } = await api.call('POST', '/api/priorities', { body: { name: 'Highest' } })
  assert.deepEqual([status, headers.get('allow')], [405, 'GET, HEAD, OPTIONS'])
})
