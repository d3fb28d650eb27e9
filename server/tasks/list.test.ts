import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { Task } from '../../shared/api/task.ts'
import { createTestApi, type TestApi } from '../../test/support/api.ts'

let api: TestApi

const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString()

before(async () => {
  api = await createTestApi()
  for (const body of [
    { title: 'late', due_at: day(-1), priority: 'high', tags: ['home', 'phone'], project: 'house' },
    { title: 'Soon', due_at: day(1), status: 'doing', tags: ['phone'], project: 'house.roof' },
    { title: 'never', priority: 'low', project: 'houseboat' },
    { title: 'dated', due_date: '2030-05-05', priority: 'critical', description: 'about 100% of\nit' },
    { title: 'finished', due_at: day(-2), status: 'done', tags: ['home'] },
  ]) {
    assert.equal((await api.call('POST', 'tasks', { body })).status, 201)
  }
  assert.equal((await api.call('POST', 'tasks', { body: { title: 'secret' }, as: api.bob })).status, 201)
})

async function titles(query: string, as = api.ann): Promise<string[]> {
  const { status, json, text } = await api.call('GET', `tasks?${query}`, { as })
  assert.equal(status, 200, text)
  return json.items.map((task: Task) => task.title)
}

test('a list has the tasks of its user only, oldest first', async () => {
  assert.deepEqual(await titles(''), ['late', 'Soon', 'never', 'dated', 'finished'])
  assert.deepEqual(await titles('', api.bob), ['secret'])
})

test('each filter takes what it says', async () => {
  const expected: [query: string, titles: string[]][] = [
    ['status=todo', ['late', 'never', 'dated']],
    ['status=todo,doing', ['late', 'Soon', 'never', 'dated']],
    ['status=done,doing,todo', ['late', 'Soon', 'never', 'dated', 'finished']],
    ['priority_id=3', ['late']],
    ['priority=CRITICAL', ['dated']],
    ['tag=home', ['late', 'finished']],
    ['tag=home&tag=phone', ['late', 'Soon', 'finished']],
    ['tag=HOME&tag=phone&tag_match=all', ['late']],
    ['tag=nothing', []],
    ['project=house', ['late', 'Soon']],
    ['project=house.roof', ['Soon']],
    ['overdue=true', ['late']],
    ['overdue=false', ['Soon', 'never', 'dated', 'finished']],
    ['q=SO', ['Soon']],
    ['q=100%25', ['dated']],
    ['q=_', []],
    [`due_from=${day(0)}`, ['Soon', 'dated']],
    [`due_to=${day(0)}`, ['late', 'finished']],
    ['due_from=2030-05-05&due_to=2030-05-05', ['dated']],
    ['due_from=2030-05-06', []],
    ['due_to=2030-05-04', ['late', 'Soon', 'finished']],
    [`updated_since=${day(1)}`, []],
    [`updated_since=${day(-1)}&status=doing`, ['Soon']],
    ['recurring_task_id=1', []],
    ['tag=home&status=todo&q=l', ['late']],
  ]
  for (const [query, wanted] of expected) assert.deepEqual(await titles(query), wanted, query)
})

test('due_to with a date takes timed tasks of that whole day', async () => {
  const { as } = { as: await api.person() }
  for (const due_at of ['2030-01-01T00:00:00Z', '2030-01-01T23:59:59Z', '2030-01-02T00:00:00Z']) {
    await api.call('POST', 'tasks', { body: { title: due_at, due_at }, as })
  }
  const found = async (query: string) => (await titles(query, as)).length
  assert.equal(await found('due_to=2030-01-01'), 2)
  assert.equal(await found('due_from=2030-01-01&due_to=2030-01-01'), 2)
  assert.equal(await found('due_from=2030-01-02'), 1)
})

test('each sort orders both ways, and tasks without due come last both ways', async () => {
  const expected: [sort: string, titles: string[]][] = [
    ['due', ['finished', 'late', 'Soon', 'dated', 'never']],
    ['-due', ['dated', 'Soon', 'late', 'finished', 'never']],
    ['priority', ['never', 'Soon', 'finished', 'late', 'dated']],
    ['-priority', ['dated', 'late', 'finished', 'Soon', 'never']],
    ['title', ['dated', 'finished', 'late', 'never', 'Soon']],
    ['-title', ['Soon', 'never', 'late', 'finished', 'dated']],
    ['-created', ['finished', 'dated', 'never', 'Soon', 'late']],
    ['position', ['late', 'Soon', 'never', 'dated', 'finished']],
    ['-updated', ['finished', 'dated', 'never', 'Soon', 'late']],
  ]
  for (const [sort, wanted] of expected) assert.deepEqual(await titles(`sort=${sort}`), wanted, sort)
})

test('a filter, sort or limit that does not exist is 422, with all of them named', async () => {
  const bad: [query: string, pointers: string[]][] = [
    ['status=open', ['/status']],
    ['sort=colour', ['/sort']],
    ['limit=0', ['/limit']],
    ['limit=201', ['/limit']],
    ['limit=x&sort=y&nope=1', ['/limit', '/nope', '/sort']],
    ['priority=hgh&due_from=tomorrow&overdue=maybe', ['/due_from', '/overdue', '/priority']],
    ['tag_match=some', ['/tag_match']],
    ['q=a%00b', ['/q']],
    ['limit=1&limit=2', ['/limit']],
  ]
  for (const [query, pointers] of bad) {
    const { status, json } = await api.call('GET', `tasks?${query}`)
    assert.equal(status, 422, query)
    const found = json.errors.map(({ pointer }: { pointer: string }) => pointer)
    assert.deepEqual([...new Set(found)].sort(), pointers, query)
  }
})

/** Follows Link headers to the end and returns the titles page by page. */
async function pages(
  query: string,
  as = api.ann,
  between = async (_page: number) => {},
): Promise<string[][]> {
  const found: string[][] = []
  let path: string | null = `tasks?${query}`
  while (path !== null) {
    const { status, json, headers, text } = await api.call('GET', path, { as })
    assert.equal(status, 200, text)
    found.push(json.items.map((task: Task) => task.title))
    const link: string | undefined = /^<(.+)>; rel="next"$/.exec(headers.get('link') ?? '')?.[1]
    assert.equal(link !== undefined, json.next_cursor !== null)
    path = link ?? null
    await between(found.length)
  }
  return found
}

test('pages join to the whole list in every sort, with ties and missing dues among them', async () => {
  const as = await api.person()
  for (let n = 0; n < 23; n += 1) {
    const due =
      n % 3 === 0 ? {} : n % 3 === 1 ? { due_date: '2030-01-01' } : { due_at: '2030-01-02T00:00:00Z' }
    await api.call('POST', 'tasks', {
      body: { title: `same ${n % 4}`, priority_id: (n % 2) + 1, position: n % 5, ...due },
      as,
    })
  }
  for (const key of ['due', 'priority', 'created', 'updated', 'title', 'position']) {
    for (const sort of [key, `-${key}`]) {
      const whole = await titles(`sort=${sort}&limit=200`, as)
      const parts = await pages(`sort=${sort}&limit=5`, as)
      assert.deepEqual(
        parts.map(({ length }) => length),
        [5, 5, 5, 5, 3],
        sort,
      )
      assert.deepEqual(parts.flat(), whole, sort)
    }
  }
})

test('what is written between two pages neither repeats nor hides the tasks that were there', async () => {
  const as = await api.person()
  const ids: number[] = []
  for (let n = 0; n < 12; n += 1) {
    const { json } = await api.call('POST', 'tasks', {
      body: { title: `t${String(n).padStart(2, '0')}` },
      as,
    })
    ids.push(json.id)
  }
  const parts = await pages('sort=title&limit=4', as, async (page) => {
    if (page !== 1) return
    await api.call('POST', 'tasks', { body: { title: 't000' }, as })
    await api.call('POST', 'tasks', { body: { title: 't03a' }, as })
    await api.call('DELETE', `tasks/${ids[0]}`, { as })
    await api.call('DELETE', `tasks/${ids[3]}`, { as })
    await api.call('DELETE', `tasks/${ids[8]}`, { as })
  })
  assert.deepEqual(parts.flat(), [
    ...['t00', 't01', 't02', 't03', 't03a', 't04', 't05', 't06', 't07', 't09', 't10', 't11'],
  ])
})

test('a cursor belongs to its list: with another filter, sort or path, or spoiled, it is 400', async () => {
  const { json } = await api.call('GET', 'tasks?sort=title&limit=2')
  const cursor = json.next_cursor as string
  assert.equal(
    (await api.call('GET', `tasks?sort=title&limit=3&cursor=${cursor}`)).status,
    200,
    'limit may change',
  )
  const others = [
    `tasks?sort=-title&cursor=${cursor}`,
    `tasks?sort=title&status=todo&cursor=${cursor}`,
    `tags?cursor=${cursor}`,
    `tasks?sort=title&cursor=${cursor.slice(2)}`,
    'tasks?sort=title&cursor=x',
    `tasks?sort=title&cursor=${Buffer.from('["a",1,2]').toString('base64url')}`,
  ]
  for (const path of others) assert.equal((await api.call('GET', path)).status, 400, path)
})

test('a cursor of somebody else shows nothing of theirs', async () => {
  const { json } = await api.call('GET', 'tasks?limit=2')
  const { json: theirs } = await api.call('GET', `tasks?limit=50&cursor=${json.next_cursor}`, { as: api.bob })
  assert.ok(theirs.items.every((task: Task) => task.user_id === api.bob.id))
})
