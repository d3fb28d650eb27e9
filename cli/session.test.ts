import assert from 'node:assert/strict'
import { statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import type { HttpRequest, HttpResponse } from '../shared/api-client.ts'
import { cliConfig, type HomePaths, homePaths } from '../shared/config.ts'
import { changeCredentials, credentialsFile, readCredentials, type Secrets } from './credentials.ts'
import { signedSend } from './session.ts'

const url = 'https://todo.example.org'
let folder: string
let paths: HomePaths
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'todo-session-'))
  paths = homePaths(cliConfig({ TODO_HOME: folder }))
})
afterEach(() => rm(folder, { recursive: true }))

const session = (n: number, lifeMs = 900_000): Secrets => ({
  kind: 'session',
  access_token: `access-${n}`,
  refresh_token: `refresh-${n}`,
  expires_at: Date.now() + lifeMs,
})

const store = (secrets: Secrets) =>
  changeCredentials(paths, (credentials) => {
    credentials.contexts.work = { url, secrets }
  })
const stored = () => readCredentials(paths).contexts.work?.secrets

/** A server that knows one access token and one refresh token, and gives the next pair for it. */
function fakeServer(valid: number) {
  let current = valid
  const seen: string[] = []
  const send = async ({ path, headers, body }: HttpRequest): Promise<HttpResponse> => {
    const token = headers.authorization?.replace('Bearer ', '') ?? ''
    seen.push(path === '/api/auth/refresh' ? JSON.parse(body!).refresh_token : token)
    if (path === '/api/auth/refresh') {
      if (seen.at(-1) !== `refresh-${current}`) return { status: 401, headers: {}, body: '{}' }
      current += 1
      const next = session(current)
      return { status: 200, headers: {}, body: JSON.stringify({ ...next, expires_in: 900 }) }
    }
    return { status: token === `access-${current}` ? 200 : 401, headers: {}, body: '' }
  }
  return { send, seen }
}

const request: HttpRequest = { method: 'GET', path: '/api/me/tasks', headers: {}, body: null }
const open = (send: (request: HttpRequest) => Promise<HttpResponse>) =>
  signedSend(send, { name: 'work', place: readCredentials(paths).contexts.work ?? { url } }, paths)

test('a token that is about to end is renewed first, and the new pair is kept where only its owner can read it', async () => {
  store(session(1, 20_000))
  const { send, seen } = fakeServer(1)
  assert.equal((await open(send)(request)).status, 200)
  assert.deepEqual(seen, ['refresh-1', 'access-2'])
  assert.equal((stored() as { refresh_token: string }).refresh_token, 'refresh-2')
  assert.equal(statSync(credentialsFile(paths)).mode & 0o777, 0o600)
  assert.equal(statSync(paths.config).mode & 0o777, 0o700)
})

test('a token that the server refuses before its time is renewed once', async () => {
  store({ ...session(1), access_token: 'access-0' } as Secrets)
  const { send, seen } = fakeServer(1)
  assert.equal((await open(send)(request)).status, 200)
  assert.deepEqual(seen, ['access-0', 'refresh-1', 'access-2'])
})

test('a pair that another command has renewed is taken from the file, and the used refresh token is not shown again', async () => {
  store(session(1, 20_000))
  const { send, seen } = fakeServer(2)
  const mine = open(send)
  store(session(2))
  assert.equal((await mine(request)).status, 200)
  assert.deepEqual(seen, ['access-2'])
})

test('an ended session is forgotten and told with the way to sign in again', async () => {
  store(session(1, 20_000))
  const { send } = fakeServer(7)
  await assert.rejects(open(send)(request), { code: 'unauthenticated', hint: `Run \`todo login ${url}\`.` })
  assert.equal(stored(), undefined)
})

test('a session that ended does not take a newer sign-in with it', async () => {
  store(session(1, 20_000))
  const inner = fakeServer(7)
  const mine = open(async (given) => {
    if (given.path === '/api/auth/refresh') store(session(8, 20_000))
    return inner.send(given)
  })
  await assert.rejects(mine(request), { code: 'unauthenticated' })
  assert.equal((stored() as { refresh_token: string }).refresh_token, 'refresh-8')
})

test('an API token is never renewed', async () => {
  store({ kind: 'token', token: 'todo_x' })
  const { send, seen } = fakeServer(1)
  assert.equal((await open(send)(request)).status, 401)
  assert.deepEqual(seen, ['todo_x'])
})

test('without a sign-in nothing is sent', async () => {
  const { send, seen } = fakeServer(1)
  await assert.rejects(open(send)(request), { code: 'unauthenticated' })
  assert.deepEqual(seen, [])
})
