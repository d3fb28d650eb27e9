import type { Db } from '../../shared/db/connect.ts'

/** Somebody who has signed in. */
export type Person = { id: string; token: string }

export const password = 'a quiet fox jumps twice'
export const emailOf = (n: number) => `person-${n}@example.org`

export async function register(port: number, count: number): Promise<Person[]> {
  const people: Person[] = []
  for (let n = 0; n < count; n += 1) {
    const response = await fetch(`http://127.0.0.1:${port}/api/auth/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: emailOf(n), password }),
    })
    if (response.status !== 201) throw new Error(await response.text())
    const { access_token: token, user } = (await response.json()) as {
      access_token: string
      user: { id: string }
    }
    people.push({ id: user.id, token })
  }
  return people
}

/** Tasks for everybody, those who signed in and others up to a hundred people, each with two of twenty tags. */
export async function fill(db: Db, count: number): Promise<void> {
  process.stderr.write(`filling in ${count} tasks …\n`)
  await db`
    insert into users (email) select 'other-' || n || '@example.org'
    from generate_series(1, 100 - (select count(*) from users)) n`
  await db`
    with owners as (select array_agg(id order by id) as ids from users)
    insert into tasks (user_id, title, due_date, priority_id, created_at)
    select ids[1 + n % 100], 'Task ' || n, current_date + n % 90, 1 + n % 4, now() - n * interval '1 second'
    from generate_series(1, ${count}::int) n, owners`
  await db`insert into tags (user_id, name) select u.id, 'tag' || n from users u, generate_series(1, 20) n`
  await db`
    insert into task_tags (user_id, task_id, tag_id)
    select t.user_id, t.id, own.ids[1 + (t.id / 100 + k * 7) % 20]
    from tasks t join (select user_id, array_agg(id order by id) as ids from tags group by user_id) own
      on own.user_id = t.user_id, generate_series(0, 1) k`
  // Not the tables that are still empty, above all `events`: a session that plans with such figures goes on to read the
  // whole table for each check of a foreign key, and only the sessions of the server that is asked first would.
  await db.unsafe('vacuum analyze users, tasks, tags, task_tags')
}
