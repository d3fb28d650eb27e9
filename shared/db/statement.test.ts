import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createDatabase } from '../../test/support/postgres.ts'
import { raw } from './connect.ts'
import { createStatement, textOf } from './statement.ts'

const { db } = await createDatabase({ migrated: false })

test('pieces within pieces and lists of pieces become one text, with their values in its order', () => {
  const { text, values } = textOf((sql) => {
    const list = [1, 2].map((n) => sql`${n ? sql`,` : sql``}${n}::int`)
    return sql`select ${list}, ${'a'} as ${raw(sql, 'name')} where ${sql`${true} and ${[3, 4]}`}`
  })
  assert.equal(text, 'select  ,$1::int ,$2::int, $3 as name where $4 and $5')
  assert.deepEqual(values, [1, 2, 'a', true, [3, 4]])
})

test('a statement is put together once for each shape, and each call brings its own values', async () => {
  let composed = 0
  const sums = createStatement<{ sum: number; word: string | null }, { minus: boolean }>(
    (sql, { minus }, slot) => {
      composed += 1
      return sql`select ${slot('a')}::int ${raw(sql, minus ? '-' : '+')} ${slot('b')}::int + ${1}::int as sum,
      ${slot('word')}::text as word`
    },
  )
  const ask = (minus: boolean, a: number, b: number, word: string | null) =>
    sums(db, { minus }, { a, b, word }).then(([row]) => [row!.sum, row!.word])
  assert.deepEqual(await ask(false, 1, 2, 'one'), [4, 'one'])
  assert.deepEqual(await ask(false, 5, 6, null), [12, null])
  assert.deepEqual(await ask(true, 5, 6, `'; drop table x; --`), [0, `'; drop table x; --`])
  assert.equal(composed, 2)
})

test('it runs in the transaction that it is given, with lists as values', async () => {
  const all = createStatement<{ id: number }, null>(
    (sql, _, slot) => sql`insert into numbers select unnest(${slot('ids')}::bigint[]) returning id`,
  )
  await db`create table numbers (id bigint)`
  await assert.rejects(
    db.begin(async (sql) => {
      assert.deepEqual([...(await all(sql, null, { ids: [7, 8] }))], [{ id: 7 }, { id: 8 }])
      assert.deepEqual([...(await all(sql, null, { ids: [] }))], [])
      throw new Error('back')
    }),
    /back/,
  )
  assert.deepEqual([...(await db`select * from numbers`)], [])
})
