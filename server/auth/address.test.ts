import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Context } from 'hono'
import { addressOf, networkOf, proxyList } from './address.ts'

const from = (peer: string | undefined, forwarded?: string) =>
  ({
    env: { incoming: { socket: { remoteAddress: peer } } },
    req: { header: (name: string) => (name === 'x-forwarded-for' ? forwarded : undefined) },
  }) as unknown as Context

test('X-Forwarded-For is not believed from anybody who is no configured proxy', () => {
  const none = proxyList([])
  assert.equal(addressOf(from('203.0.113.9', '198.51.100.1'), none), '203.0.113.9')
  const proxies = proxyList(['10.0.0.0/8'])
  assert.equal(addressOf(from('203.0.113.9', '198.51.100.1'), proxies), '203.0.113.9')
})

test('through proxies it is the nearest address that is none of them, whatever stands before it', () => {
  const proxies = proxyList(['10.0.0.0/8', '192.0.2.7', 'fd00::/8'])
  assert.equal(addressOf(from('10.1.2.3', '198.51.100.1'), proxies), '198.51.100.1')
  assert.equal(addressOf(from('10.1.2.3', '6.6.6.6, 198.51.100.1, 192.0.2.7'), proxies), '198.51.100.1')
  assert.equal(addressOf(from('::ffff:10.1.2.3', '2001:db8::5, fd00::1'), proxies), '2001:db8::5')
  assert.equal(addressOf(from('10.1.2.3', '198.51.100.1, rubbish'), proxies), '10.1.2.3')
  assert.equal(addressOf(from('10.1.2.3'), proxies), '10.1.2.3')
  assert.equal(addressOf(from('10.1.2.3', '10.9.9.9'), proxies), '10.9.9.9')
})

test('IPv4 has one form, and a Unix socket has no address', () => {
  assert.equal(addressOf(from('::ffff:203.0.113.9'), proxyList([])), '203.0.113.9')
  assert.equal(addressOf(from(undefined), proxyList([])), null)
})

test('limits count an IPv6 /64 as one, however its address is written', () => {
  assert.equal(networkOf('2001:db8:1:2:3:4:5:6'), networkOf('2001:db8:1:2::1'))
  assert.equal(networkOf('2001:db8::1'), networkOf('2001:0db8:0:0:ffff::'))
  assert.notEqual(networkOf('2001:db8:1:2::1'), networkOf('2001:db8:1:3::1'))
  assert.notEqual(networkOf('203.0.113.9'), networkOf('203.0.113.8'))
})
