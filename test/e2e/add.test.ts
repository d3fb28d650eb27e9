import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { Task } from '../../shared/api/task.ts'
import { type Cli, createCli } from '../support/cli.ts'

let cli: Cli

before(async () => {
  cli = await createCli()
})

const titles = async () => (await cli.json<Task[]>('list', '--json', '--all')).map(({ title }) => title)

test('the first command of a new user stores the task and says in one line what was understood', async () => {
  const { stdout, stderr, code } = await cli.run(
    { env: { TODO_NOW: '2026-11-21T09:00:00Z' } },
    ...['add', 'Pay rent', '--priority', 'high', '--tag', 'home', '--due', 'friday'],
  )
  assert.deepEqual(
    [stdout, stderr, code],
    ['Added 1: Pay rent · high · Fri 27 Nov (in 6 days) · +home\n', '', 0],
  )
})

test('every flag of add becomes the field of the API that it names', async () => {
  const task = await cli.add(
    ...['Write', 'report', '-p', 'critical', '-t', 'work', '-t', 'Q4', '--due', '2026-12-01T17:00'],
    ...['--project', 'work.reports', '--note', 'two pages', '--remind', '2h', '--remind', '1d'],
  )
  assert.equal(task.title, 'Write report')
  assert.equal(task.priority.name, 'Critical')
  assert.deepEqual(
    task.tags.map(({ name }) => name),
    ['Q4', 'work'],
  )
  assert.equal(task.due_at, '2026-12-01T17:00:00.000Z')
  assert.equal(task.due_date, null)
  assert.equal(task.project, 'work.reports')
  assert.equal(task.description, 'two pages')
  assert.deepEqual(task.reminders, ['2h', '1d'])
  assert.deepEqual(await cli.json('show', String(task.id), '--json'), task)
})

test('a task without flags is open, of medium priority, without a due date', async () => {
  const task = await cli.add('Just a thought')
  assert.deepEqual(
    [task.status, task.priority_id, task.due_date, task.due_at, task.project, task.completed_at],
    ['todo', 2, null, null, null, null],
  )
  assert.deepEqual([task.description, task.tags, task.version], ['', [], 1])
})

test('add -q prints the id and nothing else', async () => {
  const { stdout, stderr, code } = await cli.todo('add', '-q', 'Quiet')
  assert.match(stdout, /^\d+\n$/)
  assert.deepEqual([stderr, code], ['', 0])
})

test('after -- words are title, whatever they look like', async () => {
  const task = await cli.add('--', '--priority', '-x', '+tag', 'due:fri')
  assert.equal(task.title, '--priority -x +tag due:fri')
  assert.deepEqual([task.tags, task.due_date], [[], null])
})

test('200 code points are a title, however many bytes they take, and keep their form', async () => {
  for (const title of ['😀'.repeat(200), 'ß'.repeat(200), 'e\u0301'.repeat(100), '買い物 🛒 مهمة']) {
    assert.equal((await cli.add(title)).title, title)
  }
})

test('add --dry-run shows the task that would be stored and stores nothing', async () => {
  const before = await titles()
  const task = await cli.add('--dry-run', 'Not yet', '--tag', 'never', '--due', '2026-12-24')
  assert.deepEqual([task.title, task.due_date, task.tags[0]?.name], ['Not yet', '2026-12-24', 'never'])
  const { stdout } = await cli.todo('add', '--dry-run', 'Not yet')
  assert.equal(stdout, 'Would add: Not yet\n')
  assert.deepEqual(await titles(), before)
  const tags = await cli.json<{ name: string }[]>('tag', 'list', '--json')
  assert.ok(!tags.some(({ name }) => name === 'never'))
})

test('add - makes one task of each line of stdin and passes over empty ones', async () => {
  const { stdout, stderr, code } = await cli.run(
    { input: 'Milk\r\n\n  Bread  \nEggs' },
    'add',
    '-',
    '-t',
    'shop',
  )
  assert.equal(code, 0)
  assert.deepEqual(
    stdout.split('\n').map((line) => line.split('\t').slice(4, 6).join(' ')),
    ['Milk shop', 'Bread shop', 'Eggs shop', ''],
  )
  assert.equal(stderr, 'Added 3 tasks.\n')
  const json = await cli.run({ input: 'One\nTwo\n' }, 'add', '--lines', '--json')
  assert.deepEqual(
    JSON.parse(json.stdout).map(({ title }: Task) => title),
    ['One', 'Two'],
  )
})

test('a bad line among good ones is told with its number; the good ones are stored, and the exit code is 1', async () => {
  const { stdout, stderr, code } = await cli.run(
    { input: `Good\n${'x'.repeat(201)}\nAlso good\n` },
    'add',
    '-',
  )
  assert.equal(code, 1)
  assert.equal(stdout.split('\n').length - 1, 2)
  assert.match(stderr, /line 2: title is longer than 200 characters/)
  const all = await cli.run({ input: `${'x'.repeat(201)}\n` }, 'add', '-')
  assert.deepEqual([all.code, all.stdout], [2, ''])
})
