import assert from 'node:assert/strict'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { testSecret } from '../support/accounts.ts'
import { type Cli, createCli } from '../support/cli.ts'
import { createDatabase } from '../support/postgres.ts'
import { openTerminal } from '../support/pty.ts'
import { type Served, startServe } from '../support/serve.ts'
import { urlOf } from '../support/server.ts'

const password = 'geese over the marsh'

let server: Served
let ann: Cli
let bob: Cli

before(async () => {
  ann = await createCli()
  bob = await createCli()
  server = await startServe(ann, { env: { AUTH_RATE_LIMIT: '0' } })
})

const register = (cli: Cli, email: string) =>
  cli.run({ input: `${password}\n` }, 'login', server.url, email, '--password-stdin', '--register')

const signIn = (cli: Cli, email: string, ...words: string[]) =>
  cli.run({ input: `${password}\n` }, 'login', server.url, '--email', email, '--password-stdin', ...words)

test('two people use one server with the same commands, and see nothing of each other', async () => {
  const first = await register(ann, 'ann@example.org')
  assert.equal(first.code, 0, first.stderr)
  assert.equal((await register(bob, 'bob@example.org')).code, 0)
  await ann.add('A violet umbrella', '--tag', 'rain', '--priority', 'high')
  const bobs = await bob.add('A green hat')
  assert.match((await ann.todo('list')).stdout, /violet/)
  assert.doesNotMatch((await bob.todo('list')).stdout, /violet/)
  assert.equal((await bob.todo('tag', 'list')).stdout, '')
  assert.equal((await ann.todo('show', String(bobs.id))).code, 3)
  assert.equal((await ann.todo('rm', String(bobs.id), '--yes')).code, 3)
  assert.equal((await bob.json<{ title: string }[]>('list', '--json')).length, 1)
})

test('whoami names the person and the server; as JSON it is the account', async () => {
  assert.equal((await ann.todo('whoami')).stdout, `ann@example.org at ${server.url}\n`)
  const user = await ann.json<Record<string, string>>('whoami', '--json')
  assert.deepEqual(Object.keys(user), ['id', 'email', 'name', 'time_zone', 'created_at'])
})

test('credentials lie in one file that only its owner can read, and hold no password', async () => {
  const folder = join(ann.folder, 'config')
  const file = join(folder, 'credentials.json')
  assert.equal(statSync(file).mode & 0o777, 0o600)
  assert.equal(statSync(folder).mode & 0o777, 0o700)
  assert.doesNotMatch(readFileSync(file, 'utf8'), new RegExp(password))
})

test('a wrong password is exit 4 with one and the same answer, and changes nothing', async () => {
  const wrong = await ann.run(
    { input: 'not this\n' },
    'login',
    server.url,
    'ann@example.org',
    '--password-stdin',
  )
  const nobody = await ann.run(
    { input: 'not this\n' },
    'login',
    server.url,
    'no@example.org',
    '--password-stdin',
  )
  assert.deepEqual([wrong.code, nobody.code, wrong.stderr], [4, 4, nobody.stderr])
  assert.equal((await ann.todo('whoami')).code, 0)
})

test('without a terminal a password is never asked for, and none is taken from the arguments', async () => {
  const refused = await ann.todo('login', server.url, 'ann@example.org')
  assert.equal(refused.code, 2)
  assert.match(refused.stderr, /--password-stdin/)
  assert.equal((await ann.todo('login', server.url, '--password', password)).code, 2)
  assert.equal((await ann.todo('login', server.url.replace('//', '//ann:secret@'))).code, 2)
})

test('on a terminal the password is asked for and not shown', async () => {
  const carol = await createCli()
  const screen = openTerminal(carol, ['login', server.url, '--register'])
  await screen.shows(/E-mail: /)
  screen.type('carol@example.org\r')
  await screen.shows(/New password: /)
  screen.type(`${password}x\x7f\r`)
  await screen.shows(/Once more: /)
  screen.type(`${password}\r`)
  await screen.shows(/Signed in at .* as carol@example.org/)
  assert.equal(await screen.exit, 0)
  assert.doesNotMatch(screen.output(), /geese/)
})

test('Ctrl-C at the password ends with 130 and signs nobody in', async () => {
  const dave = await createCli()
  const screen = openTerminal(dave, ['login', server.url, 'ann@example.org'])
  await screen.shows(/Password: /)
  screen.type('\x03')
  assert.equal(await screen.exit, 130)
  assert.equal((await dave.todo('context', 'list', '-q')).stdout, 'local\n')
})

test('logging out ends the session here and there, and the next command says how to sign in', async () => {
  const erin = await createCli()
  await register(erin, 'erin@example.org')
  const file = join(erin.folder, 'config', 'credentials.json')
  const { contexts } = JSON.parse(readFileSync(file, 'utf8'))
  const { access_token } = Object.values<{ secrets: { access_token: string } }>(contexts)[0]!.secrets
  assert.equal((await erin.todo('logout')).code, 0)
  assert.doesNotMatch(readFileSync(file, 'utf8'), /token/)
  const answer = await fetch(`${server.url}/api/auth/me`, {
    headers: { authorization: `Bearer ${access_token}` },
  })
  assert.equal(answer.status, 401)
  const refused = await erin.todo('list')
  assert.equal(refused.code, 4)
  assert.match(refused.stderr, new RegExp(`todo login ${server.url}`))
  assert.equal((await erin.todo('logout')).code, 0)
})

test('contexts: one is current, each command may name another, and the machine’s own is always there', async () => {
  const finn = await createCli()
  await register(finn, 'finn@example.org')
  assert.equal((await signIn(finn, 'finn@example.org', '--context', 'work')).code, 0)
  await finn.add('On the server')
  await finn.add('On this machine', '--context', 'local')
  assert.match((await finn.todo('list')).stdout, /On the server/)
  assert.match((await finn.todo('--context', 'local', 'list')).stdout, /On this machine/)
  assert.equal((await finn.todo('context', 'use', 'local')).code, 0)
  assert.match((await finn.todo('list')).stdout, /On this machine/)
  assert.match((await finn.todo('list', '--context', 'work')).stdout, /On the server/)
  const unknown = await finn.todo('list', '--context', 'wrok')
  assert.deepEqual([unknown.code, /Did you mean work\?/.test(unknown.stderr)], [3, true])
  assert.equal((await finn.todo('context', 'add', 'home', 'example.org/todo')).code, 0)
  const rows = await finn.json<{ name: string; url: string | null; current: boolean; signed_in: boolean }[]>(
    ...['context', 'list', '--json'],
  )
  assert.deepEqual(
    rows.map(({ name, url, current, signed_in }) => [name, url, current, signed_in]),
    [
      ['local', null, true, true],
      [new URL(server.url).host, server.url, false, true],
      ['work', server.url, false, true],
      ['home', 'https://example.org/todo', false, false],
    ],
  )
  assert.equal((await finn.todo('context', 'rm', 'work')).code, 0)
  assert.equal((await finn.todo('context', 'rm', 'work')).code, 3)
})

test('an API token is printed alone, does what its scope says, and ends when it is revoked', async () => {
  const made = await ann.todo('token', 'add', 'ci', '--scope', 'tasks:read')
  assert.match(made.stdout, /^todo_[\w-]{43}\n$/)
  const env = { TODO_API_URL: server.url, TODO_TOKEN: made.stdout.trim() }
  const gina = await createCli()
  assert.match((await gina.run({ env }, 'list')).stdout, /violet/)
  assert.equal((await gina.run({ env }, 'add', 'Not allowed')).code, 4)
  const stored = await gina.run(
    { input: made.stdout },
    'login',
    server.url,
    '--token-stdin',
    '--context',
    'ci',
  )
  assert.equal(stored.code, 0, stored.stderr)
  assert.match((await gina.todo('list')).stdout, /violet/)
  const [token] = await ann.json<{ id: number; name: string; last_used_at: string }[]>(
    'token',
    'list',
    '--json',
  )
  assert.equal(token!.name, 'ci')
  assert.notEqual(token!.last_used_at, null)
  assert.equal((await ann.todo('token', 'rm', String(token!.id))).code, 0)
  assert.equal((await gina.todo('list')).code, 4)
  const refused = await gina.run({ input: made.stdout }, 'login', server.url, '--token-stdin')
  assert.equal(refused.code, 4)
  assert.equal((await ann.todo('token', 'add', 'x')).code, 2)
  assert.equal((await ann.todo('token', 'list', '--context', 'local')).code, 2)
})

test('a server that is away is exit 6, with its address', async () => {
  const env = { TODO_API_URL: 'http://127.0.0.1:9', TODO_TOKEN: 'todo_x' }
  const { code, stderr } = await ann.run({ env }, 'list')
  assert.equal(code, 6)
  assert.match(stderr, /^todo: http:\/\/127\.0\.0\.1:9 cannot be reached/)
})

test('todo serve keeps accounts and sessions over a restart, and ends with 0', async () => {
  const cli = await createCli()
  const first = await startServe(cli)
  const env = { TODO_API_URL: first.url }
  const joined = await cli.run(
    { input: password },
    'login',
    first.url,
    'h@example.org',
    '--password-stdin',
    '--register',
  )
  assert.equal(joined.code, 0, joined.stderr)
  await cli.add('Kept')
  assert.equal((await cli.run({ env }, 'list', '-q')).stdout, '1\n')
  const port = new URL(first.url).port
  assert.equal((await first.stop()).code, 0)
  const second = await startServe(cli, { words: ['--port', port] })
  assert.equal(second.url, first.url)
  assert.match((await cli.todo('list')).stdout, /Kept/)
  assert.equal((await second.stop('SIGINT')).code, 0)
})

test('several todo serve share a database that is given: it is migrated, and a sign-in at one counts at all', async () => {
  const { target, drop } = await createDatabase({ migrated: false })
  const [one, two] = [await createCli(), await createCli()]
  const env = { DATABASE_URL: urlOf(target) }
  const [first, second] = await Promise.all([startServe(one, { env }), startServe(two, { env })])
  await one.run({ input: password }, 'login', first.url, 'i@example.org', '--password-stdin', '--register')
  await one.add('Seen from both')
  const [token] = (await one.todo('token', 'add', 'x', '--scope', 'read')).stdout.split('\n')
  const there = { TODO_API_URL: second.url, TODO_TOKEN: token }
  assert.match((await two.run({ env: there }, 'list')).stdout, /Seen from both/)
  const file = JSON.parse(readFileSync(join(one.folder, 'config', 'credentials.json'), 'utf8'))
  const { access_token } = file.contexts[file.current].secrets
  const headers = { authorization: `Bearer ${access_token}` }
  assert.equal((await fetch(`${second.url}/api/auth/me`, { headers })).status, 200)
  for (const served of [first, second]) assert.equal((await served.stop()).code, 0)
  await drop()
})

test('a second todo serve on the same data is refused, and so is a weak secret, by its name alone', async () => {
  await assert.rejects(startServe(ann), /Another `todo serve` uses the data/)
  const other = await createCli()
  const refused = await other.run({ env: { JWT_SECRET: 'hunter2' } }, 'serve', '--port', '0')
  assert.deepEqual([refused.code, refused.stdout], [2, ''])
  assert.match(refused.stderr, /^todo: JWT_SECRET is shorter than 32 bytes\n/)
  assert.doesNotMatch(refused.stderr, /hunter2/)
  const strong = await startServe(other, { env: { JWT_SECRET: testSecret } })
  assert.equal((await strong.stop()).code, 0)
})
