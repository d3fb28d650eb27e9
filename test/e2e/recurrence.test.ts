import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { Template } from '../../shared/api/recurring-task.ts'
import type { Completion, Task } from '../../shared/api/task.ts'
import { type Cli, createCli } from '../support/cli.ts'

let cli: Cli

before(async () => {
  cli = await createCli()
})

type Preview = { occurrences: { at: string | null; local: string; notes: string[] }[]; warnings: string[] }
const preview = (...words: string[]) => cli.json<Preview>('recur', 'preview', '--json', ...words)
const locals = async (...words: string[]) => (await preview(...words)).occurrences.map(({ local }) => local)
const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)

test('add --every makes the template and its first task at once and prints that task', async () => {
  const task = await cli.add('Review', '--every', 'month', '--due', '2027-01-31', '-p', 'high', '-t', 'work')
  assert.deepEqual(
    [task.title, task.due_date, task.priority_id, task.tags[0]!.name],
    ['Review', '2027-01-31', 3, 'work'],
  )
  const template = await cli.json<Template>('recur', 'show', String(task.recurring_task_id), '--json')
  assert.equal(template.template_title, 'Review')
  assert.deepEqual(
    [template.recurrence_pattern, template.next_occurrence],
    ['monthly', '2027-02-28T00:00:00.000Z'],
  )
})

test('what was understood of a rule is told in words', async () => {
  const { stdout } = await cli.todo('add', 'Stand up', 'every', 'weekday', 'at', '9:30')
  assert.match(stdout, /^Added \d+: Stand up ↻ · \S.* · every weekday at 09:30\n$/)
})

test('a time of the due date is the time of the rule', async () => {
  const task = await cli.add('Stretch', '--every', 'day', '--due', '2027-03-01T17:30')
  assert.deepEqual([task.due_at, task.due_date], ['2027-03-01T17:30:00.000Z', null])
})

test('add --every --dry-run prints the task and its rule and stores nothing', async () => {
  const before = await cli.json<Template[]>('recur', 'list', '--json')
  const { stdout } = await cli.todo(
    'add',
    '--dry-run',
    '--json',
    'Plan',
    '--every',
    'every 2 weeks on mon,thu',
  )
  const task = JSON.parse(stdout)
  assert.equal(task.title, 'Plan')
  assert.equal(task.rule.rrule, 'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH')
  assert.deepEqual(await cli.json('recur', 'list', '--json'), before)
})

test('a rule among the words of quick add is one too', async () => {
  const task = await cli.add('Feed', 'cat', 'every', 'day')
  assert.equal(task.title, 'Feed cat')
  assert.notEqual(task.recurring_task_id, null)
})

test('words that are no rule are told with the nearest that are, and nothing is written', async () => {
  const { code, stderr, stdout } = await cli.todo('add', 'Oops', '--every', 'evry 2 wekks')
  assert.deepEqual([code, stdout], [2, ''])
  assert.match(stderr, /wekks|evry/)
  const cron = await cli.todo('recur', 'add', 'Oops', '--cron', '0 0 30 2 *')
  assert.equal(cron.code, 2)
  const titles = (await cli.json<Task[]>('list', '--all', '--json')).map(({ title }) => title)
  assert.ok(!titles.includes('Oops'))
})

test('every! counts from the completion; done says the next one and its date', async () => {
  const task = await cli.add('Water', '--every', 'every! 3 days')
  const { stdout } = await cli.todo('done', String(task.id))
  assert.match(stdout, /^Done \d+: Water ↻ · .* · next \w+ \d+ \w+.* \(in 3 days\): \d+\n$/)
  const [open] = (await cli.json<Task[]>('list', '--search', 'Water', '--json')) as [Task]
  assert.equal(open.due_date, day(3))
  const [done] = await cli.json<Completion[]>('done', String(open.id), '--json')
  assert.equal((done!.next as Task).due_date, day(6))
})

test('two clients that complete the same task make one successor; done, reopened and done again too', async () => {
  const task = await cli.add('Bins', '--every', '! 2 days')
  const id = String(task.id)
  await Promise.all([cli.todo('done', id), cli.todo('done', id), cli.todo('done', id)])
  const open = () => cli.json<Task[]>('list', '--search', 'Bins', '--json')
  assert.equal((await open()).length, 1)
  await cli.todo('reopen', id)
  assert.deepEqual(
    (await open()).map((one) => one.id),
    [task.id],
  )
  await cli.todo('done', id)
  assert.equal((await open()).length, 1)
})

test('monthly from the 31st stays at the end of the month and returns to the 31st', async () => {
  const months = await locals('every', 'month', '--start', '2027-01-31', '-n', '4')
  assert.deepEqual(months, ['2027-01-31', '2027-02-28', '2027-03-31', '2027-04-30'])
})

test('daily at 08:00 stays at 08:00 across both changes in Berlin', async () => {
  for (const [start, changes] of [
    ['2027-03-27', ['07:00', '06:00']],
    ['2027-10-30', ['06:00', '07:00']],
  ] as const) {
    const { occurrences } = await preview(
      'every',
      'day',
      '--start',
      `${start}T08:00`,
      '--tz',
      'Europe/Berlin',
      '-n',
      '2',
    )
    assert.deepEqual(
      occurrences.map(({ local }) => local.slice(11)),
      ['08:00', '08:00'],
    )
    assert.deepEqual(
      occurrences.map(({ at }) => at!.slice(11, 16)),
      changes,
    )
  }
})

test('weekly all day never moves a day', async () => {
  for (const zone of ['Pacific/Kiritimati', 'Pacific/Pago_Pago', 'Europe/Berlin']) {
    const dates = await locals('every', 'week', '--start', '2027-03-03', '--tz', zone, '-n', '60')
    assert.ok(dates.every((date) => new Date(date).getUTCDay() === 3))
  }
})

test('recur add, list, edit, pause, resume, skip and rm do what they say', async () => {
  const add = [
    'recur',
    'add',
    'Stand-up',
    '--cron',
    '0 9 * * mon-fri',
    '--tz',
    'Europe/Berlin',
    '-t',
    'work',
    '--json',
  ]
  const made = await cli.json<Template>(...add)
  assert.deepEqual(
    [made.cron_expression, made.time_zone, made.tags],
    ['0 9 * * mon-fri', 'Europe/Berlin', ['work']],
  )
  const id = String(made.id)
  const row = (await cli.todo('recur', 'list')).stdout.split('\n').find((line) => line.startsWith(`${id}\t`))
  assert.match(row!, /^\d+\tactive\t\S+\tStand-up\t.+\twork\t$/)
  const [paused] = await cli.json<Template[]>('recur', 'pause', id, '--json')
  assert.deepEqual([paused!.is_active, paused!.next_occurrence], [false, null])
  await cli.todo('recur', 'resume', 'stand-up')
  const [skipped] = await cli.json<Template[]>('recur', 'skip', id, '--json')
  assert.equal(skipped!.exdates.length, 1)
  const edited = await cli.json<Template>(
    'recur',
    'edit',
    id,
    'Daily',
    '--every',
    'fri at 10:00',
    '-t',
    '-work',
    '--json',
  )
  assert.deepEqual(
    [edited.template_title, edited.recurrence_pattern, edited.cron_expression, edited.tags, edited.time_zone],
    ['Daily', 'weekly', null, [], 'UTC'],
  )
  assert.equal((await cli.todo('recur', 'rm', id)).stdout, `Deleted ${id}: Daily\n`)
  assert.equal((await cli.todo('recur', 'show', id)).code, 3)
  assert.equal((await cli.todo('recur', 'pause', 'nothing-like-it')).code, 3)
})

test('preview names what clocks and short months do', async () => {
  const { occurrences } = await preview(
    '--cron',
    '30 2 * * *',
    '--tz',
    'Europe/Berlin',
    '--after',
    '2027-03-27T12:00:00Z',
    '-n',
    '1',
  )
  assert.deepEqual(occurrences, [
    { at: '2027-03-28T01:00:00.000Z', local: '2027-03-28T03:00', notes: ['gap_shifted'] },
  ])
  const text = await cli.todo('recur', 'preview', 'every', 'month', '--start', '2027-01-31', '-n', '2')
  assert.equal(text.stdout, '2027-01-31\tSun 31 Jan 2027\n2027-02-28\tSun 28 Feb 2027\tclamped\n')
})

test('calendar shows tasks and what is still to come', async () => {
  await cli.add('Once', '--due', day(0))
  await cli.json('recur', 'add', 'Weekly one', '--every', 'week', '--start', day(1), '--json')
  const entries = await cli.json<{ title: string; kind: string; date: string }[]>(
    'calendar',
    '--weeks',
    '3',
    '--json',
  )
  assert.deepEqual(entries.find(({ title }) => title === 'Once')?.kind, 'task')
  const weekly = entries.filter(({ title }) => title === 'Weekly one')
  assert.ok(weekly.length >= 2)
  assert.deepEqual([weekly[0]!.kind, weekly[0]!.date], ['occurrence', day(1)])
  assert.equal((await cli.todo('calendar', '--weeks', '0')).code, 2)
})

test('edit does not take a rule for a title', async () => {
  const task = await cli.add('Plain')
  const { code, stderr } = await cli.todo('edit', String(task.id), 'every', 'monday')
  assert.equal(code, 2)
  assert.match(stderr, /recur edit/)
})
