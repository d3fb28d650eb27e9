import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { Task } from '../../shared/api/task.ts'
import { type Cli, createCli } from '../support/cli.ts'

let cli: Cli

before(async () => {
  cli = await createCli()
})

type Completion = { task: Task; next: null }

test('a task is started, done and reopened by its id, in either order of the words', async () => {
  const { id } = await cli.add('Walk the dog')
  assert.deepEqual(await cli.todo('start', `${id}`), {
    stdout: `Started ${id}: Walk the dog\n`,
    stderr: '',
    code: 0,
  })
  assert.equal((await cli.json('show', `${id}`, '--json')).status, 'doing')
  assert.equal((await cli.todo(`${id}`, 'done')).stdout, `Done ${id}: Walk the dog\n`)
  const done = await cli.json('show', `${id}`, '--json')
  assert.equal(done.status, 'done')
  assert.ok(Math.abs(Date.parse(done.completed_at!) - Date.now()) < 60_000)
  assert.equal((await cli.todo('reopen', `${id}`)).code, 0)
  const open = await cli.json('show', `${id}`, '--json')
  assert.deepEqual([open.status, open.completed_at, open.version], ['todo', null, 4])
})

test('doing again what is done already changes nothing and is no failure', async () => {
  const { id } = await cli.add('Once')
  const [first] = await cli.json<Completion[]>('done', `${id}`, '--json')
  const [second] = await cli.json<Completion[]>('done', `${id}`, '--json')
  assert.deepEqual(second, first)
  assert.equal(second!.next, null)
  const [reopened] = await cli.json<Task[]>('reopen', `${id}`, '--json')
  const [again] = await cli.json<Task[]>('reopen', `${id}`, '--json')
  assert.equal(again!.version, reopened!.version)
})

test('commands that take many print an array, also for one', async () => {
  const { id } = await cli.add('Array')
  for (const verb of ['start', 'reopen', 'done', 'rm']) {
    const answer = await cli.json<unknown[]>(verb, `${id}`, '--json')
    assert.ok(Array.isArray(answer) && answer.length === 1, verb)
  }
})

test('the usual words of other tools mean the same', async () => {
  const { id } = await cli.add('Alias')
  assert.match((await cli.todo('ls')).stdout, /Alias/)
  assert.equal((await cli.todo('modify', `${id}`, '--priority', 'low')).code, 0)
  assert.equal((await cli.todo('complete', `${id}`)).stdout, `Done ${id}: Alias · low\n`)
  assert.equal((await cli.todo('do', `${id}`)).code, 0)
  assert.equal((await cli.todo('delete', `${id}`)).code, 0)
  assert.equal((await cli.todo('remove', `${id}`)).code, 3)
})

test('ids are named singly, in lists, in ranges, by a part of the title, and by -', async () => {
  const input = Array.from({ length: 8 }, (_, n) => `Numbered ${n}\n`).join('')
  const made = await cli.run({ input }, 'add', '-', '-q')
  const [a, b, c, d, e, f, g, h] = made.stdout.trim().split('\n')
  const done = async (...words: string[]) => {
    const { stdout, stderr } = await cli.todo('done', '-q', ...words)
    assert.equal(stderr, '')
    return stdout.trim().split('\n')
  }
  assert.deepEqual(await done(`${a},${b}`), [a, b])
  assert.deepEqual(await done(`${c}-${e}`), [c, d, e])
  assert.deepEqual(await done(`#${f}`, 'numbered 6'), [f, g])
  const piped = await cli.run({ input: `${h}\n` }, 'done', '-', '-q')
  assert.equal(piped.stdout, `${h}\n`)
})

test('a part of a title that fits several tasks is refused, and all of them are named', async () => {
  const one = await cli.add('Ring Anna')
  const two = await cli.add('Ring Anton')
  const { stderr, code } = await cli.todo('done', 'ring')
  assert.equal(code, 5)
  assert.match(stderr, new RegExp(`${one.id} Ring Anna, ${two.id} Ring Anton`))
  assert.equal((await cli.todo('done', 'ring anna')).code, 0)
  assert.equal((await cli.todo('done', 'ring')).code, 0, 'only one of them is open now')
})

test('edit changes what is named and nothing else', async () => {
  const before = await cli.add('Draft', '-t', 'home', '-t', 'old', '--due', '2026-12-01', '--note', 'keep me')
  const id = `${before.id}`
  const [after] = await cli.json<Task[]>(
    'edit',
    id,
    'Final',
    'text',
    '-p',
    'high',
    '-t',
    'new',
    '-t',
    '-old',
    '--json',
  )
  assert.deepEqual(
    [
      after!.title,
      after!.priority_id,
      after!.tags.map(({ name }) => name),
      after!.due_date,
      after!.description,
    ],
    ['Final text', 3, ['home', 'new'], '2026-12-01', 'keep me'],
  )
  const [cleared] = await cli.json<Task[]>('edit', id, '--due', 'none', '--project', '', '--json')
  assert.deepEqual([cleared!.due_date, cleared!.title], [null, 'Final text'])
  const [timed] = await cli.json<Task[]>('edit', id, '--due', '2026-12-02T08:00', '--json')
  assert.deepEqual([timed!.due_date, timed!.due_at], [null, '2026-12-02T08:00:00.000Z'])
})

test('edit of a list of ids changes all of them, and edit of nothing is refused', async () => {
  const ids = [(await cli.add('E1')).id, (await cli.add('E2')).id]
  const changed = await cli.json<Task[]>('edit', ids.join(','), '--project', 'both', '--json')
  assert.deepEqual(
    changed.map(({ id, project }) => [id, project]),
    ids.map((id) => [id, 'both']),
  )
  assert.equal((await cli.todo('edit', `${ids[0]}`)).code, 2)
})

test('show tells everything about one task', async () => {
  const { id } = await cli.add('Look', '-p', 'low', '-t', 'x', '--project', 'p.q', '--note', 'first\nsecond')
  const { stdout, code } = await cli.todo('show', `${id}`)
  assert.equal(code, 0)
  for (const part of [`#${id} Look`, 'low', '+x', 'p.q', 'first\nsecond\n'])
    assert.ok(stdout.includes(part), part)
  assert.equal((await cli.todo('show', `${id}`, '1')).code, 2)
})

test('rm deletes: the id is gone and is never given again', async () => {
  const { id } = await cli.add('Gone')
  assert.equal((await cli.todo('rm', `${id}`)).stdout, `Deleted ${id}: Gone\n`)
  assert.equal((await cli.todo('show', `${id}`)).code, 3)
  assert.equal((await cli.todo('rm', `${id}`)).code, 3)
  assert.ok((await cli.add('Next')).id > id)
})
