import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { type Cli, createCli } from '../support/cli.ts'

let cli: Cli

before(async () => {
  cli = await createCli()
  await cli.add('The only one')
})

/** Refused with this code and these lines on stderr, nothing on stdout, and nothing written. */
async function refuses(code: number, words: string[], ...lines: RegExp[]) {
  const result = await cli.todo(...words)
  const name = words.join(' ').slice(0, 60)
  assert.deepEqual([result.code, result.stdout], [code, ''], `${name}: ${result.stderr}`)
  for (const line of lines) assert.match(result.stderr, line, name)
  assert.doesNotMatch(result.stderr, /\bat .*:\d+:\d+/, 'a stack')
  const shown = result.stderr.trimEnd().split('\n')
  assert.ok(
    shown.length >= 2 && shown.at(-1)!.startsWith('  '),
    `no word on how to mend it: ${result.stderr}`,
  )
  const tasks = await cli.json<{ id: number; version: number }[]>('list', '--all', '--json=id,version')
  assert.deepEqual(tasks, [{ id: 1, version: 1 }], name)
}

test('an empty title and one of 201 code points are refused', async () => {
  await refuses(2, ['add'], /title is empty/)
  await refuses(2, ['add', ''], /title is empty/)
  await refuses(2, ['add', ' \t '], /title is empty/)
  await refuses(2, ['add', '😀'.repeat(201)], /longer than 200/)
  await refuses(2, ['edit', '1', '--title', ''], /title is empty/)
  await refuses(2, ['edit', '1', 'x'.repeat(201)], /longer than 200/)
})

test('all faults of a command are told at once', async () => {
  const words = ['add', '', '--priority', 'hgh', '--due', 'blursday', '--tag', 'a b', '--project', 'x y']
  await refuses(
    2,
    words,
    /^todo: title is empty/m,
    /^todo: priority .*did you mean high\?/m,
    /^todo: due "blursday"/m,
  )
  await refuses(2, words, /^todo: tag contains white space/m, /^todo: project is not a project name/m)
})

test('a bad date refuses and is never guessed', async () => {
  for (const date of ['tomorow-ish', '2026-02-30', '31.02.2026', '25:00', 'fri fri']) {
    await refuses(2, ['add', 'x', '--due', date], /due/)
  }
})

test('an unknown priority, flag, command, field, setting or topic gets a suggestion and is not carried out', async () => {
  await refuses(2, ['add', 'x', '--priority', 'critcal'], /did you mean critical\?/)
  await refuses(2, ['add', 'x', '--priorty', 'high'], /Did you mean --priority\?/)
  await refuses(2, ['lst'], /Did you mean `todo list`\?/)
  await refuses(2, ['adn', 'x'], /Did you mean `todo add`\?/)
  await refuses(2, ['tag', 'lsit'], /Did you mean `todo tag list`\?/)
  await refuses(2, ['config', 'get', 'daemon.idle_minute'], /Did you mean daemon\.idle_minutes\?/)
  await refuses(2, ['help', 'ad'], /todo help/)
  await refuses(2, ['frobnicate'], /Unknown command "frobnicate"/)
  await refuses(2, ['pay', 'rent'], /To add a task: `todo add pay rent`/)
  await refuses(2, ['list', '--sort', 'prio'], /Did you mean priority\?/)
  await refuses(2, ['list', '--frobnicate'], /--frobnicate/)
})

test('values that no filter has are refused', async () => {
  await refuses(2, ['list', '--status', 'open-ish'], /status/)
  await refuses(2, ['list', '--sort', 'colour'], /sort/)
  await refuses(2, ['list', '--due', 'blursday'], /blursday/)
  for (const limit of ['0', '-1', '1.5', 'x', '']) await refuses(2, ['list', `--limit=${limit}`], /limit/)
  for (const seconds of ['0', '-1', 'x']) await refuses(2, ['list', `--timeout=${seconds}`], /timeout/)
})

test('tasks that do not exist are exit code 3', async () => {
  for (const verb of ['show', 'done', 'start', 'reopen', 'rm']) await refuses(3, [verb, '999'], /999/)
  await refuses(3, ['edit', '999', 'New title'], /999/)
  await refuses(3, ['done', 'no such title'], /no such title/)
  await refuses(3, ['tag', 'rm', 'nothing'], /nothing/)
  await refuses(3, ['log', '999'], /999/)
  await refuses(3, ['done', '999999999999999'], /999999999999999/)
})

test('what names no task is exit code 2', async () => {
  for (const verb of ['show', 'done', 'start', 'reopen', 'rm', 'edit']) await refuses(2, [verb])
  await refuses(2, ['done', '0'], /ids start at 1/)
  await refuses(2, ['done', '9-3'], /backwards/)
  await refuses(2, ['done', '1-5000'], /1,000/)
  await refuses(2, ['done', '99999999999999999999'], /too large/)
})

test('a line of two megabytes and a title that nobody can see are refused, with nothing written', async () => {
  const large = await cli.run({ input: `${'a'.repeat(2_000_000)}\n` }, 'add', '-')
  assert.deepEqual([large.code, large.stdout], [2, ''])
  assert.match(large.stderr, /larger than 1 MB/)
  await refuses(2, ['add', '\u200b\u200d'], /title is empty/)
  await refuses(2, ['add', 'x', '--note', 'a'.repeat(10_001)], /note is longer than 10000/)
})

test('a word without end is no reason to repeat it without end', async () => {
  await refuses(2, ['x'.repeat(100_000)], /Unknown command "x{1,80}…"/)
})

test('a NUL from stdin is refused; bytes that are no UTF-8 are stored as replacement characters', async () => {
  const nul = await cli.run({ input: 'a\0b\n' }, 'add', '-')
  assert.deepEqual([nul.code, nul.stdout], [2, ''])
  const bytes = await cli.run(
    { input: Buffer.from([0x61, 0xed, 0xa0, 0x80, 0x0a]) },
    'add',
    '-',
    '--json',
    '--dry-run',
  )
  assert.equal(bytes.code, 0)
  assert.ok(JSON.parse(bytes.stdout)[0].title.isWellFormed())
})

test('with --json an error is one object on stderr', async () => {
  const read = async (...words: string[]) => JSON.parse((await cli.todo(...words)).stderr)
  assert.deepEqual(Object.keys(await read('show', '999', '--json')).sort(), ['code', 'hint', 'message'])
  assert.equal((await read('show', '999', '--json')).code, 'not_found')
  const invalid = await read('add', '', '--priority', 'hgh', '--json')
  assert.equal(invalid.field, 'title')
  assert.deepEqual(invalid.errors.map(({ field }: { field: string }) => field).sort(), ['priority', 'title'])
  assert.match((await read('lst', '--json')).hint, /todo list/)
  for (const words of [['add', ''], ['done'], ['list', '--sort', 'x'], ['lst']]) {
    const error = await read(...words, '--json')
    for (const key of ['code', 'message', 'hint'])
      assert.equal(typeof error[key], 'string', `${words}: ${key}`)
  }
})
