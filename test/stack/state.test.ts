import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createGuardedClient } from '../../shared/dapr/client.ts'
import { inspectSidecar, sidecarAnswers } from '../../shared/dapr/sidecar.ts'
import { createDaprState } from '../../shared/dapr/state.ts'
import { AppError } from '../../shared/errors.ts'
import { startTestStack } from '../support/stack.ts'

const stack = await startTestStack({ start: [['redis'], ['daprd-server', 'daprd-notifier']] })
const clientOf = (app: 'server' | 'notifier') =>
  createGuardedClient({ sidecar: stack.sidecar(app), apiToken: stack.secrets.daprApiToken })
const client = clientOf('server')
const timings = new Map<string, number[]>()
const state = createDaprState(client, {
  observe: (operation, ms) => timings.set(operation, [...(timings.get(operation) ?? []), ms]),
})
stack.atEnd(client.close)

const isUnavailable = (error: unknown) => error instanceof AppError && error.code === 'unavailable'

test('what was put is read, also with awkward keys and values, until it is deleted', async () => {
  for (const [key, value] of [
    ['plain', 'value'],
    ['with/slash ? & ü', '{"looks":"like json"}'],
    ['empty', ''],
    ['number', '42'],
  ] as const) {
    assert.equal(await state.get(key), null)
    await state.put(key, value, 60)
    assert.equal(await state.get(key), value)
    await state.delete(key)
    assert.equal(await state.get(key), null)
  }
})

test('of many that claim a key at once exactly one gets it', async () => {
  for (let round = 0; round < 5; round++) {
    const claims = Array.from({ length: 50 }, (_, i) =>
      state.putIfAbsent(`claim-${round}`, `claimer ${i}`, 60),
    )
    const results = await Promise.all(claims)
    assert.equal(results.filter(Boolean).length, 1)
    assert.equal(await state.get(`claim-${round}`), `claimer ${results.indexOf(true)}`)
  }
})

test('a claim ends with its time to live and can be taken again', async () => {
  assert.equal(await state.putIfAbsent('lease', 'first', 1), true)
  assert.equal(await state.putIfAbsent('lease', 'second', 1), false)
  const end = Date.now() + 10_000
  while ((await state.get('lease')) !== null && Date.now() < end)
    await new Promise((wake) => setTimeout(wake, 50))
  assert.equal(await state.putIfAbsent('lease', 'third', 1), true)
})

test('an app sees its own keys only', async () => {
  const other = clientOf('notifier')
  await state.put('mine', 'secret', 60)
  assert.equal(await createDaprState(other).get('mine'), null)
  await other.close()
})

test('operations take milliseconds', async (t) => {
  for (let i = 0; i < 300; i++) {
    await state.put(`timed-${i % 10}`, 'value', 60)
    await state.get(`timed-${i % 10}`)
    await state.putIfAbsent(`timed-once-${i}`, 'value', 60)
  }
  for (const [operation, all] of timings) {
    const sorted = all.toSorted((a, b) => a - b)
    const at = (share: number) => sorted[Math.floor(sorted.length * share)]?.toFixed(2)
    t.diagnostic(`${operation}: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, n ${sorted.length}`)
  }
  assert.ok((timings.get('get')?.length ?? 0) > 300)
})

test('the sidecar tells which component is missing', async () => {
  const report = await inspectSidecar(client)
  // Kafka was never started here.
  assert.deepEqual(report, { reachable: true, missing: ['task-pubsub'], subscriptions: 0 })
  assert.equal(await sidecarAnswers(stack.sidecar('server')), true)
})

test('while the store is away every operation throws, and works again when it is back', async () => {
  await stack.stack.kill('redis')
  await assert.rejects(state.get('plain'), isUnavailable)
  await assert.rejects(state.put('plain', 'x', 60), isUnavailable)
  await assert.rejects(state.putIfAbsent('plain', 'x', 60), isUnavailable)
  await assert.rejects(state.delete('plain'), isUnavailable)
  await stack.stack.start('redis')
  await state.put('plain', 'back', 60)
  assert.equal(await state.get('plain'), 'back')
})

test('while the sidecar is away every operation throws, and works again when it is back', async () => {
  await stack.stack.kill('daprd-server')
  await assert.rejects(state.get('plain'), isUnavailable)
  assert.equal((await inspectSidecar(client)).reachable, false)
  assert.equal(await sidecarAnswers(stack.sidecar('server')), false)
  await stack.stack.start('daprd-server')
  assert.equal(await state.get('plain'), 'back')
})
