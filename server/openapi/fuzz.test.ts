import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createTestApi } from '../../test/support/api.ts'
import { contractOf } from '../../test/support/contract.ts'
import { anyOf, someOf, word } from '../../test/support/fuzz.ts'

// A failure prints the seed and the path to its smallest case; put both into the options to see it again.
const runs = { seed: 20261121, numRuns: 200, interruptAfterTimeLimit: 30_000, markInterruptAsFailure: false }

type Json = Record<string, unknown>
type Operation = {
  parameters?: { in: string; name: string; required?: boolean; schema: Json }[]
  requestBody?: { content: Record<string, { schema: Json }> }
}

const api = await createTestApi({ max: 4 })
const { document, check } = await contractOf(api.app)
const components = document.components.schemas as Record<string, Json>

// Something of everything, so that small ids often meet something.
for (const title of ['one', 'two', 'three'])
  await api.call('POST', 'tasks', { body: { title, tags: ['t', title] } })

type Listed = { path: string; method: string; operation: Operation }

/** What takes things away comes last, so that the others find something. */
const removes = ({ path, method }: Listed) =>
  method === 'DELETE' || path.endsWith('/batch') || path.endsWith('/undo')

const listed = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
) as unknown as Listed[]
const operations = listed.toSorted((a, b) => Number(removes(a)) - Number(removes(b)))

function requestOf(
  method: string,
  path: string,
  operation: Operation,
): fc.Arbitrary<{ url: string; init: RequestInit }> {
  const parameters = operation.parameters ?? []
  const named = (place: string) =>
    Object.fromEntries(
      parameters.filter((one) => one.in === place).map((one) => [one.name, word(one.schema, components)]),
    )
  const ids = Object.keys(named('path')).filter((name) => name !== 'user_id')
  const body = Object.values(operation.requestBody?.content ?? {})[0]?.schema
  return fc
    .record({
      ids: fc.tuple(
        ...ids.map(() => fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 1, max: 6 }) }, word({}, {}))),
      ),
      query: someOf(named('query')),
      headers: someOf(named('header')),
      body: body ? anyOf(body, components) : fc.constant(undefined),
      broken: fc.oneof(
        { weight: 20, arbitrary: fc.constant(false) },
        { weight: 1, arbitrary: fc.constant(true) },
      ),
    })
    .map(({ ids: values, query, headers, body: value, broken }) => {
      let n = 0
      const filled = path
        .replace('{user_id}', 'me')
        .replaceAll(/\{\w+\}/g, () => encoded(String(values[n++])) || '0')
      const search = Object.entries(query).map(([name, one]) => `${name}=${encoded(one)}`)
      const text = JSON.stringify(value)
      return {
        url: filled + (search.length > 0 ? `?${search.join('&')}` : ''),
        init: {
          method,
          headers: {
            ...sendable(headers),
            ...api.ann.headers,
            ...(body && { 'content-type': 'application/json' }),
          },
          ...(body && method !== 'GET' && { body: broken ? text.slice(1) : text }),
        },
      }
    })
}

/** As bytes on the wire, also what is no character. */
const encoded = (text = '') => encodeURIComponent(text.toWellFormed()).replaceAll('.', '%2E')

/** Headers hold no line breaks and nothing beyond Latin-1; the client's own library would refuse to send it. */
const sendable = (headers: Record<string, string | undefined>) =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value = '']) => [
      name,
      value.replaceAll(/[^\x20-\x7e\xa0-\xff]/g, '?'),
    ]),
  )

const statuses: number[] = []

for (const { path, method, operation } of operations) {
  test(`${method} ${path} has an answer as described to whatever is sent, and never a 5xx`, async () => {
    await fc.assert(
      fc.asyncProperty(requestOf(method, path, operation), async ({ url, init }) => {
        const response = await api.app.request(url, init)
        const text = await response.text()
        assert.ok(response.status < 500, `${response.status}: ${text}`)
        statuses.push(response.status)
        if (!response.headers.get('content-type')?.startsWith('text/')) {
          check(method, url, { status: response.status, headers: response.headers, text })
        }
      }),
      runs,
    )
  })
}

test('what was sent is neither all right nor all wrong', () => {
  const done = statuses.filter((status) => status < 300).length / statuses.length
  // Random text is seldom a rule of recurrence, so the routes of templates refuse most of it.
  assert.ok(done > 0.2 && done < 0.75, `${Math.round(done * 100)} % were accepted`)
})

test('after all that the data is whole: each version of each task has its event', async () => {
  const gaps = await api.db`
    select t.id from tasks t join events e on e.task_id = t.id and e.type <> 'task.due.approaching'
    group by t.id, t.version having count(*) <> t.version or max(e.version) <> t.version`
  assert.deepEqual([...gaps], [])
})
