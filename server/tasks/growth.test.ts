import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connect } from '../../shared/db/connect.ts'
import { createDatabase } from '../../test/support/postgres.ts'
import { insertTask } from './repository.ts'
import { insertTasks } from './write.ts'

test('a session that has worked on a short list does not read the whole of it for each task when it is long', async () => {
  const { db, target } = await createDatabase()
  const emit = { source: 'server', changeId: crypto.randomUUID(), traceparent: null } as const
  const [user] = await db<
    { id: string }[]
  >`insert into users (email) values ('grown@example.org') returning id`
  const [tag] = await db<{ id: number }[]>`
    insert into tags (user_id, name) values (${user!.id}, 'home') returning id`
  // One connection, since plans are a session's own.
  const one = connect(target, { max: 1, name: 'todo-test' })
  const create = (count: number) =>
    insertTasks(
      one,
      user!.id,
      Array.from({ length: count }, (_, n) => ({ columns: { title: `Task ${n}` }, tags: [tag!.id] })),
      emit,
    )
  try {
    await create(60)
    await db`analyze`
    // By now the plans of its foreign keys are made once and for all.
    for (let n = 0; n < 12; n += 1) {
      await insertTask(one, user!.id, { title: 'One' }, { ids: [tag!.id] }, { ...emit, type: 'task.created' })
    }
    await create(1_000)
  } finally {
    await one.end({ timeout: 2 })
  }
  const rows = await db<{ relname: string; read: number }[]>`
    select relname, seq_tup_read as read from pg_stat_user_tables
    where relname in ('tasks', 'events') order by relname`
  for (const { relname, read } of rows)
    assert.ok(read < 20_000, `${relname}: ${read} rows were read in a row`)
})
