import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parseAllDocuments } from 'yaml'
import {
  appIds,
  consumers,
  cronBinding,
  deadLetterTopic,
  eventRoute,
  probeTopic,
  pubsubName,
  stateStoreName,
} from '../shared/dapr/names.ts'
import { topics } from '../shared/events.ts'
import { plannedTopics } from './topics.ts'

type Entry = { name: string; value?: string; secretKeyRef?: { name: string; key: string } }
type Resource = {
  kind: string
  metadata: { name: string; namespace?: string }
  scopes?: string[]
  spec: Record<string, unknown> & { type?: string; metadata?: Entry[] }
}

const folder = join(import.meta.dirname, '../deploy/chart/dapr')
const resources: Resource[] = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml'))
  .flatMap((name) => parseAllDocuments(readFileSync(join(folder, name), 'utf8')))
  .map((document) => document.toJS() as Resource)
const component = (name: string) => {
  const found = resources.find((one) => one.kind === 'Component' && one.metadata.name === name)
  assert.ok(found, `no component ${name}`)
  return found
}
const setting = (name: string, field: string) =>
  component(name).spec.metadata?.find((entry) => entry.name === field)?.value

/** `server=a,b;notifier=c` as Dapr writes who may do what. */
const parseScopes = (text: string | undefined) =>
  Object.fromEntries(
    (text ?? '').split(';').map((app) => [app.split('=')[0]!, app.split('=')[1]!.split(',').sort()]),
  )

test('the components have the names and scopes that the code asks for', () => {
  const components = resources.filter((one) => one.kind === 'Component').map((one) => one.metadata.name)
  assert.deepEqual(components.sort(), [cronBinding, stateStoreName, pubsubName].sort())
  for (const name of [pubsubName, stateStoreName]) assert.deepEqual(component(name).scopes, [...appIds])
  assert.deepEqual(component(cronBinding).scopes, ['recurrer'])
})

test('the subscriptions are those of the consumers, each with its route and its own dead letters', () => {
  const found = resources
    .filter((one) => one.kind === 'Subscription')
    .map((one) => ({
      name: one.metadata.name,
      app: one.scopes,
      pubsub: one.spec.pubsubname,
      topic: one.spec.topic,
      dead: one.spec.deadLetterTopic,
      route: (one.spec.routes as { default: string }).default,
    }))
  const wanted = consumers.map(({ app, topic }) => ({
    name: `${app}-${topic}`,
    app: [app],
    pubsub: pubsubName,
    topic,
    dead: deadLetterTopic(topic, app),
    route: eventRoute(topic),
  }))
  assert.deepEqual(found, wanted)
})

test('every planned topic is protected, and each app may use exactly those that it needs', () => {
  const names = plannedTopics.map((topic) => topic.name).sort()
  assert.deepEqual(setting(pubsubName, 'protectedTopics')?.split(',').sort(), names)
  const dead = (app: string) =>
    consumers
      .filter((one) => one.app === app)
      .map((one) => deadLetterTopic(one.topic, one.app))
      .sort()
  assert.deepEqual(parseScopes(setting(pubsubName, 'publishingScopes')), {
    server: [topics.tasks, topics.notifications, probeTopic].sort(),
    notifier: dead('notifier'),
    recurrer: dead('recurrer'),
  })
  assert.deepEqual(parseScopes(setting(pubsubName, 'subscriptionScopes')), {
    notifier: [topics.tasks, topics.notifications].sort(),
    recurrer: [topics.tasks],
  })
})

test('the settings without which events or components get lost are there', () => {
  assert.equal(setting(pubsubName, 'initialOffset'), 'oldest')
  assert.equal(component(pubsubName).spec.ignoreErrors, true)
  assert.equal(component(pubsubName).spec.initTimeout, '30s')
  const fields = component(pubsubName).spec.metadata?.map((entry) => entry.name.toLowerCase())
  // Unset, each app has the group of its app id; a shared one would make the services steal each other's events.
  assert.ok(!fields?.some((name) => name === 'consumergroup' || name === 'consumerid'))
  assert.equal(setting(cronBinding, 'direction'), 'input')
})

test('the state store has no circuit breaker, and retries outlast an app that restarts', () => {
  const { policies, targets } = resources.find((one) => one.kind === 'Resiliency')!.spec as {
    policies: {
      retries: Record<string, { maxRetries: number; maxInterval: string }>
      circuitBreakers?: unknown
    }
    targets: { components: Record<string, { inbound?: { timeout: string; retry: string } }> }
  }
  assert.equal(policies.circuitBreakers, undefined)
  assert.deepEqual(Object.keys(targets.components).sort(), [cronBinding, stateStoreName, pubsubName].sort())
  const inbound = targets.components[pubsubName]?.inbound
  assert.ok(inbound?.timeout)
  const { maxRetries, maxInterval } = policies.retries[inbound.retry]!
  let total = 0
  for (let i = 0, wait = 0.5; i < maxRetries; i++, wait *= 1.5)
    total += Math.min(wait, Number.parseFloat(maxInterval))
  assert.ok(total >= 20, `${total} s of retries`)
})
