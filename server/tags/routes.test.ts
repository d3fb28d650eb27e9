import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { Tag } from '../../shared/api/tag.ts'
import type { Task } from '../../shared/api/task.ts'
import { createTestApi, type TestApi } from '../../test/support/api.ts'

let api: TestApi

before(async () => {
  api = await createTestApi()
})

const create = (body: object, as = api.ann) => api.call('POST', 'tags', { body, as })

test('a tag is created, read at its Location, changed and deleted', async () => {
  const { status, json, headers } = await create({ name: ' Garden ', color: '#10B981' })
  assert.equal(status, 201)
  Tag.strict().parse(json)
  assert.deepEqual([json.name, json.color, json.task_count], ['Garden', '#10B981', 0])
  assert.equal(headers.get('location'), `/api/${api.ann.id}/tags/${json.id}`)
  assert.deepEqual((await api.call('GET', `tags/${json.id}`)).json, json)
  const changed = await api.call('PUT', `tags/${json.id}`, { body: { name: 'Yard' } })
  assert.deepEqual([changed.status, changed.json.name, changed.json.color], [200, 'Yard', null])
  assert.deepEqual((await api.call('GET', `tags/${json.id}`)).json, changed.json)
  assert.equal((await api.call('DELETE', `tags/${json.id}`)).status, 204)
  assert.equal((await api.call('DELETE', `tags/${json.id}`)).status, 404)
})

test('a name is taken in every case and composition, for its user only', async () => {
  await create({ name: 'Ca\u0301fe' })
  const taken = await create({ name: 'CÁFE' })
  assert.deepEqual([taken.status, taken.json.code], [409, 'tag_taken'])
  assert.equal((await create({ name: 'cáfe' }, api.bob)).status, 201)
  const { json: other } = await create({ name: 'other' })
  assert.equal((await api.call('PUT', `tags/${other.id}`, { body: { name: 'cáfe' } })).status, 409)
  assert.equal(
    (await api.call('PUT', `tags/${other.id}`, { body: { name: 'OTHER' } })).json.name,
    'OTHER',
    'its own',
  )
})

test('of twenty requests for one new name one makes it', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => create({ name: 'race' })))
  assert.deepEqual(answers.map(({ status }) => status).sort(), [
    201,
    ...Array.from({ length: 19 }, () => 409),
  ])
  const tasks = await Promise.all(
    Array.from({ length: 20 }, () => api.call('POST', 'tasks', { body: { title: 'x', tags: ['race2'] } })),
  )
  assert.equal(new Set(tasks.map(({ json }) => json.tags[0].id)).size, 1)
})

test('bad names and colours are 422, with all of them told', async () => {
  for (const name of ['', ' ', 'two words', 'a,b', 'x'.repeat(51), 'a\u0000b', '\ud800', 5, null]) {
    const { status, json } = await create({ name, color: 'red', extra: 1 })
    assert.equal(status, 422, JSON.stringify(name))
    const pointers = json.errors.map(({ pointer }: { pointer: string }) => pointer)
    assert.deepEqual([...new Set(pointers)].sort(), ['/color', '/extra', '/name'], JSON.stringify(name))
  }
  assert.equal((await create({ name: '😀'.repeat(50) })).status, 201)
})

test('a new name reaches the tasks that carry it: each gets a version and one event', async () => {
  const as = await api.person()
  const make = async (body: object) => (await api.call('POST', 'tasks', { body, as })).json as Task
  const [one, two, without] = [
    await make({ title: 'one', tags: ['old', 'z'] }),
    await make({ title: 'two', tags: ['old'], status: 'done' }),
    await make({ title: 'without', tags: ['z'] }),
  ]
  const gone = await make({ title: 'gone', tags: ['old'] })
  await api.call('DELETE', `tasks/${gone.id}`, { as })
  const tag = one.tags.find(({ name }) => name === 'old')!
  await api.call('PUT', `tags/${tag.id}`, { body: { name: 'new' }, as })
  const read = async ({ id }: Task) => (await api.call('GET', `tasks/${id}`, { as })).json as Task
  assert.deepEqual(
    (await read(one)).tags.map(({ name }) => name),
    ['new', 'z'],
  )
  assert.deepEqual(
    [(await read(one)).version, (await read(two)).version, (await read(without)).version],
    [2, 2, 1],
  )
  await api.call('DELETE', `tags/${tag.id}`, { as })
  assert.deepEqual([(await read(one)).tags.length, (await read(two)).tags.length], [1, 0])
  const events = await api.db`select type, version, data -> 'tags' as tags, previous -> 'tags' as before
    from events where task_id = ${two.id} order by id`
  assert.deepEqual(
    events.map(({ type, version, tags, before: old }) => [type, version, names(old), names(tags)]),
    [
      ['task.created', 1, null, ['old']],
      ['task.updated', 2, ['old'], ['new']],
      ['task.updated', 3, ['new'], []],
    ],
  )
})

const names = (tags: { name: string }[] | null) => tags?.map(({ name }) => name) ?? null

test('the list is by name with the number of open tasks, page after page', async () => {
  const as = await api.person()
  for (const name of ['b', 'C', 'a', 'ä', 'D']) await create({ name }, as)
  for (const status of ['todo', 'doing', 'done']) {
    await api.call('POST', 'tasks', { body: { title: 'x', status, tags: ['c'] }, as })
  }
  const { json } = await api.call('GET', 'tags', { as })
  assert.deepEqual(names(json.items), ['a', 'b', 'C', 'D', 'ä'])
  assert.equal(json.items[2].task_count, 2)
  const first = await api.call('GET', 'tags?limit=2', { as })
  const second = await api.call('GET', `tags?limit=2&cursor=${first.json.next_cursor}`, { as })
  const third = await api.call('GET', /<(.+)>/.exec(second.headers.get('link')!)![1]!, { as })
  assert.deepEqual(
    [first, second, third].flatMap((page) => names(page.json.items)),
    names(json.items),
  )
  assert.equal(third.json.next_cursor, null)
})

test('a dry run makes, changes and removes nothing', async () => {
  const as = await api.person()
  const { json: tag } = await create({ name: 'kept' }, as)
  const tried = await api.call('POST', 'tags?dry_run=true', { body: { name: 'never' }, as })
  assert.deepEqual([tried.status, tried.json.name], [201, 'never'])
  const renamed = await api.call('PUT', `tags/${tag.id}?dry_run=true`, { body: { name: 'else' }, as })
  assert.deepEqual([renamed.status, renamed.json.name], [200, 'else'])
  assert.equal((await api.call('DELETE', `tags/${tag.id}?dry_run=true`, { as })).status, 204)
  assert.deepEqual(names((await api.call('GET', 'tags', { as })).json.items), ['kept'])
})
