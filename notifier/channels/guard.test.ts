import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { request } from 'undici'
import { startFakeServer } from '../../test/support/fakes/http-server.ts'
import { blockedCode, createWebhookAgent, publicLookup } from './guard.ts'
import { codeOf } from './http.ts'

const server = await startFakeServer(() => ({ status: 200 }))
after(() => server.stop())

const strict = createWebhookAgent({ allowPrivate: false })
after(() => strict.destroy())

const resolve = (hostname: string, all: boolean) =>
  new Promise<unknown>((done, fail) => {
    publicLookup(hostname, { all }, (error, addresses) => (error ? fail(error) : done(addresses)))
  })

test('a name of this machine does not resolve, in either form of the question', async () => {
  await assert.rejects(resolve('localhost', true), { code: blockedCode })
  await assert.rejects(resolve('localhost', false), { code: blockedCode })
})

for (const host of ['127.0.0.1', '[::1]', '[::ffff:127.0.0.1]', '10.0.0.1', '169.254.169.254', '0']) {
  test(`no connection is made to ${host}, whatever asks for it`, async () => {
    const url = `http://${host}:${new URL(server.url).port}/`
    await assert.rejects(request(url, { dispatcher: strict }), (error) => codeOf(error) === blockedCode)
    assert.equal(server.received.length, 0)
  })
}

test('a name that was public when it was stored and leads inside now is refused at the connection', async () => {
  // The second answer of a rebinding name: the resolver is asked at each connection and its answer is what counts.
  let asked = 0
  const rebinding = createWebhookAgent({
    allowPrivate: false,
    lookup: (_host, _options, callback) => {
      asked += 1
      callback(Object.assign(new Error('blocked'), { code: blockedCode }), '', 0)
    },
  })
  after(() => rebinding.destroy())
  await assert.rejects(
    request('http://rebind.example/', { dispatcher: rebinding }),
    (e) => codeOf(e) === blockedCode,
  )
  await assert.rejects(
    request('http://rebind.example/', { dispatcher: rebinding }),
    (e) => codeOf(e) === blockedCode,
  )
  assert.equal(asked, 2)
})
