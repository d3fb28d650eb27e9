import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { createTestApi } from '../../test/support/api.ts'

const { call, bob } = await createTestApi()

before(async () => {
  for (const body of [
    { title: 'one', tags: ['home'], project: 'house' },
    { title: 'two', status: 'doing', priority: 'high', due_date: '2020-01-01' },
    { title: 'three', status: 'done', tags: ['home'] },
    { title: 'four', due_at: '2030-01-01T23:30:00Z' },
  ]) {
    assert.equal((await call('POST', 'tasks', { body })).status, 201)
  }
  assert.equal((await call('POST', 'tasks', { body: { title: 'of bob' }, as: bob })).status, 201)
  const gone = (await call('POST', 'tasks', { body: { title: 'gone' } })).json.id
  await call('DELETE', `tasks/${gone}`)
})

async function counts(filters: string[], more: Record<string, string> = {}): Promise<number[]> {
  const query = new URLSearchParams(more)
  for (const filter of filters) query.append('filter', filter)
  const answer = await call('GET', `counts?${query}`)
  assert.equal(answer.status, 200, answer.text)
  return answer.json.counts
}

test('each filter is counted, in order, without deleted tasks and those of others', async () => {
  assert.deepEqual(
    await counts(['status:todo', 'status:doing', 'status:done', '', 'overdue']),
    [2, 1, 1, 4, 1],
  )
})

test('within narrows every count', async () => {
  assert.deepEqual(await counts(['status:todo', 'status:done', ''], { within: '+home' }), [1, 1, 2])
})

test('filters that leave done tasks out count the same as beside one that does not', async () => {
  const open = ['status:todo tag:', '(status:todo or status:doing) -home']
  assert.deepEqual(await counts(open), [1, 2])
  assert.deepEqual(await counts([...open, '+home']), [1, 2, 2])
})

test('a day is the day of the given zone', async () => {
  assert.deepEqual(await counts(['due:2030-01-02']), [0])
  assert.deepEqual(await counts(['due:2030-01-02'], { time_zone: 'Europe/Berlin' }), [1])
})

test('a bad filter, none and too many are refused', async () => {
  for (const query of [
    'filter=(',
    '',
    'filter=a&nope=1',
    'filter=a&within=due:soon',
    'filter=a&time_zone=X',
  ]) {
    assert.equal((await call('GET', `counts?${query}`)).status, 422, query)
  }
  const many = Array.from({ length: 61 }, () => 'filter=a').join('&')
  assert.equal((await call('GET', `counts?${many}`)).status, 422)
})
