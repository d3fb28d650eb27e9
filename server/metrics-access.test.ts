import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestApi } from '../test/support/api.ts'
import { createApp } from './app.ts'
import { createMetricsAccess, type MetricsSettings } from './metrics-access.ts'

const { deps } = await createTestApi()

const scrape = async (
  settings: Partial<MetricsSettings>,
  from: string | undefined,
  headers: Record<string, string> = {},
): Promise<number> => {
  const app = createApp({
    ...deps,
    checkMetricsAccess: createMetricsAccess({
      metricsFrom: ['loopback'],
      metricsToken: null,
      trustedProxies: [],
      ...settings,
    }),
  })
  const { status } = await app.request(
    '/metrics',
    { headers },
    { incoming: { socket: { remoteAddress: from } } },
  )
  return status
}

test('figures are for this machine, and for nobody who came through a proxy', async () => {
  for (const from of ['127.0.0.1', '127.1.2.3', '::1', '::ffff:127.0.0.1', undefined]) {
    assert.equal(await scrape({}, from), 200, from)
  }
  for (const from of [
    '10.0.0.7',
    '192.168.1.2',
    '203.0.113.9',
    '2001:db8::1',
    'fd00::1',
    '::ffff:10.0.0.7',
  ]) {
    assert.equal(await scrape({}, from), 404, from)
  }
  for (const name of ['X-Forwarded-For', 'Forwarded', 'X-Real-IP', 'Via']) {
    assert.equal(await scrape({}, '127.0.0.1', { [name]: '127.0.0.1' }), 404, name)
  }
})

test('behind a configured proxy the caller counts, not the proxy, and what the caller claims counts for nothing', async () => {
  const settings = { trustedProxies: ['10.0.0.0/8'], metricsFrom: ['loopback', '192.168.7.0/24'] }
  const through = (forwarded: string) => scrape(settings, '10.0.0.7', { 'x-forwarded-for': forwarded })
  assert.equal(await through('192.168.7.9'), 200)
  assert.equal(await through('203.0.113.9'), 404)
  assert.equal(await through('192.168.7.9, 203.0.113.9'), 404)
  assert.equal(await through('127.0.0.1, 203.0.113.9'), 404)
  assert.equal(await through('unknown'), 404)
  assert.equal(await scrape(settings, '203.0.113.9', { 'x-forwarded-for': '192.168.7.9' }), 404)
})

test('private takes what scrapes inside a cluster, all takes everybody', async () => {
  const inside = ['10.244.1.7', '172.18.0.3', '192.168.1.2', '100.64.3.4', 'fd12::7', 'fe80::1', '127.0.0.1']
  for (const from of inside) assert.equal(await scrape({ metricsFrom: ['private'] }, from), 200, from)
  for (const from of ['203.0.113.9', '172.32.0.1', '100.128.0.1', '2001:db8::1']) {
    assert.equal(await scrape({ metricsFrom: ['private'] }, from), 404, from)
    assert.equal(await scrape({ metricsFrom: ['all'] }, from, { 'x-forwarded-for': from }), 200, from)
  }
  assert.equal(await scrape({ metricsFrom: ['private'] }, '10.0.0.7', { 'x-forwarded-for': '10.0.0.9' }), 404)
})

test('a token that is set is demanded of everybody, this machine included', async () => {
  const metricsToken = 'u8Wd2kZp9sXw4Rb8'
  const ask = (authorization?: string) =>
    scrape({ metricsToken, metricsFrom: ['all'] }, '127.0.0.1', authorization ? { authorization } : {})
  assert.equal(await ask(`Bearer ${metricsToken}`), 200)
  assert.equal(await ask(`bearer  ${metricsToken}`), 200)
  for (const wrong of [
    undefined,
    'Bearer x',
    `Bearer ${metricsToken}x`,
    `Basic ${metricsToken}`,
    'Bearer ',
  ]) {
    assert.equal(await ask(wrong), 401, wrong)
  }
})

test('what everybody may ask tells no version', async () => {
  const app = createApp({ ...deps, version: '7.8.9-secret' })
  for (const path of ['/healthz', '/readyz', '/nothing', '/api/me/tasks']) {
    const answer = await app.request(path)
    const told = JSON.stringify([await answer.text(), [...answer.headers]])
    assert.doesNotMatch(told, /7\.8\.9|node|hono|postgres/i, path)
  }
})
