import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { type AccountsApi, type Answer, createAccountsApi, type Person } from '../test/support/accounts.ts'
import { type Ids, type Row, rows } from '../test/support/isolation.ts'

// Every route has a row in test/support/isolation.ts. One without fails the suite, so that whoever adds a route says
// how a stranger meets it.

let api: AccountsApi
let ann: Person
let bob: Person
let anns: Ids

/** As far above every id as no row can be; as many digits as ids here have do not matter, they are blanked out. */
const nowhere = Object.fromEntries(
  [...['task', 'tag', 'template', 'token', 'session', 'channel', 'delivery', 'event', 'deleted']].map(
    (name) => [name, 888_888_888],
  ),
) as Ids

before(async () => {
  api = await createAccountsApi()
  ann = await api.join('ann')
  bob = await api.join('bob')
  anns = await belongings(ann)
})

/** One of everything. */
async function belongings({ id: user, access_token: token }: Person): Promise<Ids> {
  const make = async (path: string, body: unknown) => {
    const answer = await api.call('POST', `/api/me/${path}`, { token, body })
    assert.equal(answer.status, 201, answer.text)
    return answer.json.id as number
  }
  const tag = await make('tags', { name: 'anns' })
  const mine = await make('tasks', { title: 'A violet secret', tag_ids: [tag] })
  const deleted = await make('tasks', { title: 'A violet past' })
  assert.equal((await api.call('DELETE', `/api/me/tasks/${deleted}`, { token })).status, 204)
  const channel = await make('channels', { kind: 'webhook', target: 'https://ann.example/hook' })
  const madeToken = await make('tokens', {
    name: 'anns',
    scopes: ['tasks:read'],
    expires_at: '2999-01-01T00:00:00Z',
  })
  const [template] = await api.db`
    insert into recurring_tasks (user_id, template_title, recurrence_pattern, time_zone, start)
    values (${user}, 'A violet habit', 'daily', 'UTC', '2026-01-01') returning id`
  const [delivery] = await api.db`
    insert into deliveries (user_id, channel_id, kind, target, event_id, event_type, task_id, payload)
    values (${user}, ${channel}, 'webhook', 'violet', ${crypto.randomUUID()}, 'task.created', ${mine}, '{}') returning id`
  const [session] = await api.db`select id from sessions where user_id = ${user}`
  const [event] = await api.db`select min(id) as id from events where user_id = ${user}`
  return {
    task: mine,
    tag,
    deleted,
    channel,
    token: madeToken,
    template: template!.id,
    delivery: delivery!.id,
    session: session!.id,
    event: event!.id,
  }
}

/** What a stranger reads of an answer; ids that were asked for and the request's own are not told by the server. */
const shown = ({ status, text, headers }: Answer) => ({
  status,
  type: headers.get('content-type'),
  etag: headers.get('etag'),
  text: text.replace(/"request_id":"[^"]*"/g, '').replaceAll(/\d+/g, '#'),
})

const pathOf = (key: string, user: string, id: number) =>
  key.split(' ')[1]!.replace('{user_id}', user).replace('{id}', String(id))

const ask = (key: string, user: string, id: number, body?: unknown, query = '') =>
  api.call(key.split(' ')[0]!, pathOf(key, user, id) + (query && `?${query}`), {
    token: bob.access_token,
    ...(body !== undefined && { body }),
  })

/** Everything stored of Ann, to see that nobody else has touched it. */
async function snapshot(user: string): Promise<string> {
  const tables = await api.db<{ name: string }[]>`
    select table_name as name from information_schema.columns
    where table_schema = 'public' and column_name = 'user_id' order by 1`
  const all = await Promise.all(
    tables.map(
      ({ name }) =>
        api.db`select row_to_json(t)::text as row from ${api.db(name)} t where user_id = ${user} order by 1`,
    ),
  )
  return JSON.stringify(all)
}

const owned = Object.entries(rows).filter(([key]) => key.includes('{user_id}')) as [
  string,
  Exclude<Row, { open: string }>,
][]

test('every route of the server has a row in this matrix', () => {
  const mounted = api.app.routes
    .filter(({ method, path }) => method !== 'ALL' && path !== '/*')
    .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`)
  assert.deepEqual([...new Set(mounted)].toSorted(), Object.keys(rows).toSorted())
})

for (const [key, row] of owned) {
  test(`${key} answers for another user as for one who does not exist`, async () => {
    const before = await snapshot(ann.id)
    const id = row.id ? anns[row.id] : 0
    const real = await ask(key, ann.id, id, row.body)
    const none = await ask(key, '0b9c3f1e-7a55-4c1f-8e8e-3c1d2b4a5f60', id, row.body)
    assert.equal(real.status, 404)
    assert.deepEqual(shown(real), shown(none))
    assert.equal((await ask(key, ann.id.toUpperCase(), id, row.body)).status, 404)
    assert.equal(await snapshot(ann.id), before)
  })

  if (row.id) {
    const name = row.id
    test(`${key} answers for another user's ${name} as for one that does not exist`, async () => {
      const before = await snapshot(ann.id)
      const real = await ask(key, 'me', anns[name], row.body)
      assert.equal(real.status, 404)
      assert.deepEqual(shown(real), shown(await ask(key, bob.id, nowhere[name], row.body)))
      assert.equal(await snapshot(ann.id), before)
    })
  }

  for (const { name, status, body, query } of row.references ?? []) {
    test(`${key} takes another user's id in ${name} for one that does not exist`, async () => {
      const before = await snapshot(ann.id)
      const real = await ask(key, 'me', 0, body?.(anns), query?.(anns))
      const none = await ask(key, 'me', 0, body?.(nowhere), query?.(nowhere))
      assert.equal(real.status, status, real.text)
      assert.deepEqual(shown(real), shown(none))
      assert.doesNotMatch(real.text, /violet/)
      assert.equal(await snapshot(ann.id), before)
    })
  }
}

const lists = ['tasks', 'tags', 'recurring-tasks', 'events', 'tokens', 'sessions', 'channels', 'deliveries']

test('a cursor of another user shows what is one’s own, and nothing of theirs', async () => {
  const token = ann.access_token
  for (let n = 0; n < 3; n += 1)
    await api.call('POST', '/api/me/tasks', { token, body: { title: 'More violet' } })
  for (const list of lists) {
    const { json } = await api.call('GET', `/api/me/${list}?limit=1`, { token })
    if (json.next_cursor === null) continue
    const { text } = await ask(`GET /api/{user_id}/${list}`, 'me', 0, undefined, `cursor=${json.next_cursor}`)
    assert.doesNotMatch(text, /violet|ann/)
  }
})

test('no list of one user holds anything of another', async () => {
  for (const list of lists) {
    const { status, text } = await ask(`GET /api/{user_id}/${list}`, 'me', 0)
    assert.equal(status, 200)
    assert.doesNotMatch(text, new RegExp(`violet|anns|${ann.id}`))
  }
})

test('the stream of another user is as unknown as the user', async () => {
  const accept = { accept: 'text/event-stream' }
  const open = (user: string) =>
    api.call('GET', `/api/${user}/events`, { token: bob.access_token, headers: accept })
  const real = await open(ann.id)
  assert.equal(real.status, 404)
  assert.deepEqual(shown(real), shown(await open('0b9c3f1e-7a55-4c1f-8e8e-3c1d2b4a5f60')))
})

test('undo takes back one’s own changes only', async () => {
  const stranger = await api.join('stranger')
  const { json } = await api.call('POST', '/api/me/undo', {
    token: stranger.access_token,
    body: { count: 100 },
  })
  assert.deepEqual(json, { undone: [] })
})

test('links between two users’ rows cannot exist in the database either', async () => {
  const bobs = await api.db`insert into tasks (user_id, title) values (${bob.id}, 'x') returning id`
  const task = bobs[0]!.id
  const refused = { code: '23503' }
  for (const user of [ann.id, bob.id]) {
    await assert.rejects(
      async () =>
        api.db`insert into task_tags (user_id, task_id, tag_id) values (${user}, ${task}, ${anns.tag})`,
      refused,
    )
    await assert.rejects(
      async () => api.db`
        insert into recurring_task_tags (user_id, recurring_task_id, tag_id)
        values (${bob.id}, ${anns.template}, ${anns.tag})`,
      refused,
    )
  }
  await assert.rejects(
    async () => api.db`update tasks set recurring_task_id = ${anns.template} where id = ${task}`,
    refused,
  )
  await assert.rejects(
    async () => api.db`update tasks set user_id = ${bob.id} where id = ${anns.task}`,
    refused,
  )
  await assert.rejects(
    async () => api.db`update tags set user_id = ${bob.id} where id = ${anns.tag}`,
    refused,
  )
})
