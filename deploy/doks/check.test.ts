import assert from 'node:assert/strict'
import { before, beforeEach, test } from 'node:test'
import { doksConfig } from '../../shared/config.ts'
import { type Cloud, createCloud } from '../../test/support/fakes/cloud.ts'
import { check } from './check.ts'
import { readSettings } from './settings.ts'
import { up, type Work } from './up.ts'

const cloud: Cloud = createCloud()
const said: string[] = []
const { settings } = readSettings(
  doksConfig({
    DOKS_HOST: 'todo.example.com',
    ACME_EMAIL: 'ann@example.com',
    IMAGE: 'registry.digitalocean.com/ann/todo:1.2.0',
  }),
  { forUp: true },
)
const work: Work = { run: cloud.run, say: (line) => said.push(line), settings, pauseMs: 1 }

const pod = (app: string, beside: string[], ready = 'True') => ({
  metadata: { name: `${app}-1`, labels: { 'app.kubernetes.io/name': app } },
  status: {
    conditions: [{ type: 'Ready', status: ready }],
    containerStatuses: [{ name: app }],
    initContainerStatuses: beside.map((name) => ({ name })),
  },
})
const pods = (...items: object[]) => {
  cloud.state.objects.pods = items as never
}
const answers =
  (status: number): typeof fetch =>
  async () =>
    new Response('{}', { status })
const ready = ['server', 'notifier', 'recurrer'].map((app) => pod(app, ['daprd']))

before(async () => {
  await up(work)
})
beforeEach(() => {
  said.length = 0
  pods(...ready)
})

test('the check passes when everything is made, ready and reached over TLS', async () => {
  assert.equal(await check(work, answers(200)), 0, said.join('\n'))
  assert.match(said.join('\n'), /ok {3}todo-kafka: online, open to the cluster alone/)
  assert.match(said.join('\n'), /ok {3}server: 1 of 1 pods ready, 1 with a sidecar/)
})

test('a pod that is not ready, or without its sidecar, fails the check', async () => {
  pods(pod('server', ['daprd'], 'False'), ...ready.slice(1))
  assert.equal(await check(work, answers(200)), 1)
  assert.match(said.join('\n'), /FAIL server: 0 of 1 pods ready/)
  pods(ready[0]!, pod('notifier', []), ready[2]!)
  assert.equal(await check(work, answers(200)), 1)
  assert.match(said.join('\n'), /FAIL notifier: 1 of 1 pods ready, 0 with a sidecar/)
  pods()
  assert.equal(await check(work, answers(200)), 1)
})

test('a database without its rule, one that is gone, and a door that does not answer fail the check', async () => {
  const { rules, databases } = cloud.state
  Object.assign(cloud.state, { rules: {}, databases: databases.slice(0, 2) })
  const away: typeof fetch = async () => {
    throw new TypeError('fetch failed', { cause: new Error('getaddrinfo ENOTFOUND todo.example.com') })
  }
  assert.equal(await check(work, away), 1)
  Object.assign(cloud.state, { rules, databases })
  const told = said.join('\n')
  assert.match(told, /FAIL todo-pg: online, has no rule for the cluster/)
  assert.match(told, /FAIL todo-kafka: is not there: make doks-up/)
  assert.match(told, /FAIL https:\/\/todo\.example\.com.*ENOTFOUND.*should point to 203\.0\.113\.7/)
})
