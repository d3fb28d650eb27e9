import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { Tag } from '../../shared/api/tag.ts'
import type { Task } from '../../shared/api/task.ts'
import { type Cli, createCli } from '../support/cli.ts'

let cli: Cli

before(async () => {
  cli = await createCli()
})

test('priority list shows the four priorities, lowest first', async () => {
  const { stdout } = await cli.todo('priority', 'list')
  assert.equal(
    stdout,
    '1\tlow\t1\t#6B7280\n2\tmedium\t2\t#3B82F6\n3\thigh\t3\t#F59E0B\n4\tcritical\t4\t#EF4444\n',
  )
  assert.equal((await cli.todo('priority')).stdout, stdout, 'the bare noun lists')
  const json = await cli.json<{ name: string }[]>('priority', 'list', '--json')
  assert.deepEqual(
    json.map(({ name }) => name),
    ['Low', 'Medium', 'High', 'Critical'],
  )
})

test('a tag is made, listed with its open tasks, recoloured, renamed on its tasks, and removed from them', async () => {
  const made = await cli.json<Tag>('tag', 'add', 'hom', '--color', '#10B981', '--json')
  assert.deepEqual([made.name, made.color, made.task_count], ['hom', '#10B981', 0])
  const open = await cli.add('Open', '-t', 'hom')
  const done = await cli.add('Done', '-t', 'HOM')
  await cli.todo('done', `${done.id}`)
  assert.equal((await cli.todo('tag')).stdout, `${made.id}\thom\t1\t#10B981\n`)

  assert.equal((await cli.todo('tag', 'rename', '+hom', 'home')).stdout, 'Renamed hom to home\n')
  const renamed = await cli.json('show', `${open.id}`, '--json')
  assert.deepEqual([renamed.tags[0]?.name, renamed.tags[0]?.color, renamed.version], ['home', '#10B981', 2])
  const recoloured = await cli.json<Tag>('tag', 'rename', 'home', '--color', '#000000', '--json')
  assert.deepEqual([recoloured.name, recoloured.color], ['home', '#000000'])

  assert.equal((await cli.todo('tag', 'rm', 'HOME')).stdout, 'Deleted tag home\n')
  assert.deepEqual((await cli.json('show', `${open.id}`, '--json')).tags, [])
  assert.equal((await cli.todo('tag', 'rm', 'home')).code, 3)
})

test('a taken name is a conflict, whatever its case, and a bad one is refused', async () => {
  await cli.todo('tag', 'add', 'Straße')
  assert.equal((await cli.todo('tag', 'add', 'straße')).code, 5)
  await cli.todo('tag', 'add', 'other')
  assert.equal((await cli.todo('tag', 'rename', 'other', 'STRAßE')).code, 5)
  assert.equal((await cli.todo('tag', 'add', 'two words')).code, 2)
  assert.equal((await cli.todo('tag', 'add', 'x', '--color', 'red')).code, 2)
  assert.equal((await cli.todo('tag', 'add', 'x'.repeat(51))).code, 2)
  assert.equal((await cli.todo('tag', 'add')).code, 2)
})

test('a tag is one tag in every spelling of case and composition', async () => {
  const composed = await cli.add('One', '-t', 'caf\u00e9')
  const decomposed = await cli.add('Two', '-t', 'CAFE\u0301')
  assert.equal(decomposed.tags[0]!.id, composed.tags[0]!.id)
  const found = await cli.json<Task[]>('list', '--tag', 'Cafe\u0301', '--json')
  assert.equal(found.length, 2)
})

test('a mistyped tag gets a suggestion', async () => {
  await cli.todo('tag', 'add', 'garden')
  const { stderr, code } = await cli.todo('tag', 'rm', 'gardn')
  assert.equal(code, 3)
  assert.match(stderr, /Did you mean garden\?/)
})

test('tag commands have a dry run too', async () => {
  await cli.todo('tag', 'add', 'kept', '--dry-run')
  assert.equal((await cli.todo('tag', 'rm', 'garden', '--dry-run')).code, 0)
  await cli.todo('tag', 'rename', 'garden', 'yard', '--dry-run')
  const names = (await cli.json<Tag[]>('tag', 'list', '--json')).map(({ name }) => name)
  assert.ok(names.includes('garden') && !names.includes('kept') && !names.includes('yard'), names.join())
})
