import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { type Cli, createCli } from '../support/cli.ts'
import { request, socketOf } from '../support/socket.ts'

let cli: Cli
let socket: string

before(async () => {
  cli = await createCli()
  socket = await socketOf(cli)
})

const post = (body: string | Buffer, headers = {}) =>
  request(socket, 'POST', '/api/me/tasks', { body, headers })

/** Refused, explained as a problem, and nothing written. */
async function refuses(status: number, body: string | Buffer, pointers: string[], headers = {}) {
  const answer = await post(body, headers)
  assert.equal(answer.status, status, answer.body)
  assert.equal(answer.headers['content-type'], 'application/problem+json')
  const problem = JSON.parse(answer.body)
  assert.deepEqual([problem.status, typeof problem.request_id], [status, 'string'])
  assert.deepEqual((problem.errors ?? []).map((error: { pointer: string }) => error.pointer).sort(), pointers)
  assert.equal(await cli.todo('list', '--all', '--json').then(({ stdout }) => stdout), '[]\n')
}

test('what is not JSON is 400', async () => {
  for (const body of ['', '{', '{"title":', "{'title':'x'}", '{"title":"x"}}', 'null x', '\ufeff{']) {
    await refuses(400, body, [])
  }
  await refuses(400, Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]), [])
  await refuses(400, `${'['.repeat(5_000)}${']'.repeat(5_000)}`, [])
})

test('another type or an encoded body is 415', async () => {
  await refuses(415, '{"title":"x"}', [], { 'content-type': 'text/plain' })
  await refuses(415, '{"title":"x"}', [], { 'content-encoding': 'gzip' })
})

test('a body of 2 MB is 413, also when its length is not announced', async () => {
  const body = JSON.stringify({ title: 'x', description: 'y'.repeat(2 * 1024 * 1024) })
  await refuses(413, body, [])
  await refuses(413, body, [], { 'transfer-encoding': 'chunked' })
})

test('all faults are told at once, each with its pointer', async () => {
  await refuses(
    422,
    JSON.stringify({
      title: ' ',
      priority: 'hgh',
      due_date: '2026-02-30',
      tags: ['a b'],
      unknown: 1,
      'a/b': 2,
    }),
    ['/a~1b', '/due_date', '/priority', '/tags/0', '/title', '/unknown'],
  )
})

test('text that cannot be stored or is too long is 422', async () => {
  await refuses(422, '{"title":"a\\u0000b"}', ['/title'])
  await refuses(422, '{"title":"a\\ud800"}', ['/title'])
  await refuses(422, '{"title":"\\udc00a","description":"\\ud83d"}', ['/description', '/title'])
  await refuses(422, JSON.stringify({ title: '😀'.repeat(201) }), ['/title'])
  await refuses(422, JSON.stringify({ title: 'x', description: 'y'.repeat(10_001) }), ['/description'])
  await refuses(422, JSON.stringify({ title: 'x', project: 'a..b' }), ['/project'])
})

test('values of a wrong kind are 422', async () => {
  await refuses(422, '[]', [''])
  await refuses(422, '{}', ['/title'])
  await refuses(422, '{"title":5}', ['/title'])
  await refuses(422, '{"title":null}', ['/title'])
  await refuses(422, '{"title":"x","status":"later"}', ['/status'])
  await refuses(422, '{"title":"x","priority_id":9}', ['/priority_id'])
  await refuses(422, '{"title":"x","tag_ids":[99]}', ['/tag_ids'])
  await refuses(422, '{"title":"x","due_date":"2026-01-01","due_at":"2026-01-01T00:00:00Z"}', ['/due_at'])
  await refuses(422, '{"title":"x","id":5,"version":2}', ['/id', '/version'])
})

test('ids that do not exist are 404, and so is everything that belongs to nobody', async () => {
  const paths = [
    'tasks/999',
    'tasks/0',
    'tasks/-1',
    'tasks/abc',
    'tasks/99999999999999999999',
    'tags/999',
    'nothing',
  ]
  for (const path of paths) assert.equal((await request(socket, 'GET', `/api/me/${path}`)).status, 404, path)
  const stranger = '00000000-0000-4000-8000-000000000000'
  assert.equal((await request(socket, 'GET', `/api/${stranger}/tasks`)).status, 404)
  assert.equal((await request(socket, 'PATCH', '/api/me/tasks/999', { body: '{}' })).status, 404)
  assert.equal((await request(socket, 'DELETE', '/api/me/tasks/999')).status, 404)
})

test('a known path with another method is 405 and says which would do', async () => {
  const answer = await request(socket, 'DELETE', '/api/me/tasks')
  assert.deepEqual([answer.status, answer.headers.allow], [405, 'GET, POST, HEAD, OPTIONS'])
})
