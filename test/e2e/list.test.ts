import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { type Cli, createCli } from '../support/cli.ts'

let cli: Cli

const now = { TODO_NOW: '2026-12-01T12:00:00Z' }

before(async () => {
  cli = await createCli()
  await cli.add('Call bank', '-p', 'high', '-t', 'phone', '--due', '2026-12-02')
  await cli.add('Buy milk', '-t', 'shop', '--due', '2026-12-01T18:00')
  await cli.add('Fix roof', '-p', 'critical', '-t', 'home', '-t', 'phone', '--project', 'house.roof')
  await cli.add('Paint wall', '-p', 'low', '--project', 'house', '--due', '2020-01-01')
  await cli.add('Old thing', '--due', '2020-01-02')
  await cli.todo('done', 'old thing')
  await cli.todo('start', 'fix roof')
})

const titles = async (...words: string[]) => {
  const { stdout, stderr, code } = await cli.run({ env: now }, 'list', ...words)
  assert.equal(code, 0, stderr)
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t')[4])
}

test('list shows open tasks, soonest due first and those without a date last', async () => {
  assert.deepEqual(await titles(), ['Paint wall', 'Buy milk', 'Call bank', 'Fix roof'])
  assert.deepEqual(await titles('--all'), ['Paint wall', 'Old thing', 'Buy milk', 'Call bank', 'Fix roof'])
})

test('todo without words is the list in a pipe', async () => {
  assert.equal((await cli.todo()).stdout, (await cli.todo('list')).stdout)
})

test('each filter narrows the list, and several of them narrow it together', async () => {
  assert.deepEqual(await titles('--status', 'done'), ['Old thing'])
  assert.deepEqual(await titles('--status', 'doing,done', '--sort', 'title'), ['Fix roof', 'Old thing'])
  assert.deepEqual(await titles('--priority', 'HIGH'), ['Call bank'])
  assert.deepEqual(await titles('--tag', 'phone'), ['Call bank', 'Fix roof'])
  assert.deepEqual(await titles('--tag', 'Phone', '--tag', 'home'), ['Fix roof'])
  assert.deepEqual(await titles('--project', 'house'), ['Paint wall', 'Fix roof'])
  assert.deepEqual(await titles('--project', 'house.roof'), ['Fix roof'])
  assert.deepEqual(await titles('--search', 'IL'), ['Buy milk'])
  assert.deepEqual(await titles('--overdue'), ['Paint wall'])
  assert.deepEqual(await titles('--tag', 'phone', '--priority', 'low'), [])
})

test('--due takes a day as a person means it, timed tasks of that day included', async () => {
  assert.deepEqual(await titles('--due', 'today'), ['Buy milk'])
  assert.deepEqual(await titles('--due', 'tomorrow'), ['Call bank'])
  assert.deepEqual(await titles('--due', '2026-12-03'), [])
})

test('--sort orders by every key, and - turns it round', async () => {
  assert.deepEqual(await titles('--sort', 'title'), ['Buy milk', 'Call bank', 'Fix roof', 'Paint wall'])
  assert.deepEqual(await titles('--sort=-title'), ['Paint wall', 'Fix roof', 'Call bank', 'Buy milk'])
  assert.deepEqual(await titles('--sort', '-priority'), ['Fix roof', 'Call bank', 'Buy milk', 'Paint wall'])
  assert.deepEqual(await titles('--sort', 'created'), ['Call bank', 'Buy milk', 'Fix roof', 'Paint wall'])
  assert.deepEqual(await titles('--sort', '-due'), ['Call bank', 'Buy milk', 'Paint wall', 'Fix roof'])
  assert.equal((await titles('--sort', '-updated'))[0], 'Fix roof')
})

test('--limit takes so many and -q prints their ids', async () => {
  assert.deepEqual(await titles('--limit', '2'), ['Paint wall', 'Buy milk'])
  const { stdout } = await cli.run({ env: now }, 'list', '-q', '--limit', '3')
  assert.equal(stdout, '4\n2\n1\n')
})

test('search finds text in titles and notes, done tasks only with --all', async () => {
  await cli.add('Letter', '--note', 'about the ROOF')
  const found = async (...words: string[]) => (await cli.todo('search', '-q', ...words)).stdout
  assert.equal(await found('roof'), '3\n6\n')
  assert.equal(await found('old', 'thing'), '')
  assert.equal(await found('--all', 'old', 'thing'), '5\n')
  assert.equal(await found('100%'), '', 'a pattern character is only itself')
})

test('nothing found is no failure: no line on stdout, a note on stderr, [] in JSON', async () => {
  assert.deepEqual(await cli.todo('list', '--tag', 'nothing'), { stdout: '', stderr: 'No tasks.\n', code: 0 })
  assert.deepEqual(await cli.todo('list', '--tag', 'nothing', '--json'), {
    stdout: '[]\n',
    stderr: '',
    code: 0,
  })
  assert.deepEqual(await cli.todo('list', '--tag', 'nothing', '-q'), { stdout: '', stderr: '', code: 0 })
})

test('--exit-status makes nothing found a 1, as grep does', async () => {
  assert.equal((await cli.todo('list', '--exit-status', '--tag', 'nothing')).code, 1)
  assert.equal((await cli.todo('list', '--exit-status', '--tag', 'phone', '-q')).code, 0)
})

test('of a tag or project that is not there the nearest is named', async () => {
  assert.equal(
    (await cli.todo('list', '+phnoe', 'project:hous')).stderr,
    'No tasks.\n  There is no tag phnoe; did you mean +phone?\n  There is no project hous; did you mean project:house?\n',
  )
  assert.equal((await cli.todo('list', '+phone', 'due:2099-01-01')).stderr, 'No tasks.\n')
})
