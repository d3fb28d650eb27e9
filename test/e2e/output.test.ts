import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import * as z from 'zod'
import { Completion, Task } from '../../shared/api/task.ts'
import { type Cli, createCli } from '../support/cli.ts'

let cli: Cli

before(async () => {
  cli = await createCli()
  await cli.add('Pay, "rent"', '-p', 'high', '-t', 'b', '-t', 'a', '--due', '2026-12-01', '--project', 'home')
  await cli.add('Line\nbreak', '--due', '2026-12-01T17:30')
})

test('a list in a pipe is one line a task with tabs between seven cells, and no header', async () => {
  const { stdout, stderr } = await cli.todo('list')
  assert.equal(
    stdout,
    '2\ttodo\tmedium\t2026-12-01T17:30:00+00:00\tLine\\nbreak\t\t\n' +
      '1\ttodo\thigh\t2026-12-01\tPay, "rent"\ta b\thome\n',
  )
  assert.equal(stderr, '')
})

test('JSON has the shapes of the API: an object where one is named, an array where many are', async () => {
  const parse = async (...words: string[]) => JSON.parse((await cli.todo(...words, '--json')).stdout)
  Task.strict().parse(await parse('add', 'One'))
  Task.strict().parse(await parse('show', '1'))
  z.array(Task.strict())
    .length(3)
    .parse(await parse('list'))
  z.array(Task.strict())
    .length(1)
    .parse(await parse('edit', '3', '-t', 'x'))
  z.array(Task.strict())
    .length(1)
    .parse(await parse('start', '3'))
  z.array(Completion.strict())
    .length(1)
    .parse(await parse('done', '3'))
  z.array(Task.strict())
    .length(1)
    .parse(await parse('reopen', '3'))
  z.array(Task.strict())
    .length(1)
    .parse(await parse('rm', '3'))
  z.array(Task.strict())
    .length(0)
    .parse(await parse('list', '--tag', 'nothing'))
})

test('every form gives the same tasks in the same order', async () => {
  const ids = (await cli.todo('list')).stdout
    .trim()
    .split('\n')
    .map((line) => line.split('\t')[0])
  const json = await cli.json<Task[]>('list', '--json')
  const ndjson = (await cli.todo('list', '--ndjson')).stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  const quiet = (await cli.todo('list', '-q')).stdout.trim().split('\n')
  assert.deepEqual(
    json.map(({ id }) => `${id}`),
    ids,
  )
  assert.deepEqual(ndjson, json)
  assert.deepEqual(quiet, ids)
})

test('CSV has a header, quotes what needs it and keeps line breaks', async () => {
  const { stdout } = await cli.todo('list', '--csv')
  const [header, first, second] = [stdout.split('\n')[0]!, stdout.indexOf('\n2,'), stdout.indexOf('\n1,')]
  assert.equal(header.split(',').slice(0, 7).join(), 'id,title,status,priority,due,tags,project')
  assert.ok(first > 0 && second > first)
  assert.ok(stdout.includes('\n2,"Line\nbreak",todo,medium,2026-12-01T17:30:00.000Z,'))
  assert.ok(stdout.includes('\n1,"Pay, ""rent""",todo,high,2026-12-01,a b,home,'))
})

test('--json=fields picks fields in the order asked for', async () => {
  const { stdout } = await cli.todo('list', '--json=title,id')
  assert.equal(stdout, '[\n{"title":"Line\\nbreak","id":2},\n{"title":"Pay, \\"rent\\"","id":1}\n]\n')
  assert.equal((await cli.todo('show', '1', '--json=id, project')).stdout, '{"id":1,"project":"home"}\n')
})

test('--json before a word does not swallow it', async () => {
  assert.equal((await cli.json('show', '--json', '1')).id, 1)
  assert.equal((await cli.json('--json', 'show', '1')).id, 1)
})

test('a field that does not exist is refused with the nearest name, before anything is written', async () => {
  for (const words of [
    ['add', 'Never'],
    ['edit', '1', 'Never'],
    ['done', '1'],
    ['start', '1'],
    ['rm', '1'],
  ]) {
    const { stdout, stderr, code } = await cli.todo(...words, '--json=titel')
    assert.deepEqual([stdout, code], ['', 2], words.join(' '))
    assert.match(JSON.parse(stderr).message, /no field "titel"/)
  }
  assert.match((await cli.todo('list', '--json=titel')).stderr, /Did you mean title\?/)
  const tasks = await cli.json<Task[]>('list', '--all', '--json')
  assert.deepEqual(
    tasks.map(({ id, version }) => [id, version]),
    [
      [2, 1],
      [1, 1],
    ],
  )
})

test('two output forms at once are refused', async () => {
  for (const [one, other] of [
    ['--json', '--csv'],
    ['-q', '--json'],
    ['--ndjson', '--csv'],
  ]) {
    assert.equal((await cli.todo('list', one!, other!)).code, 2, `${one} ${other}`)
  }
})

test('COLUMNS does not cut the lines of a pipe', async () => {
  const title = 'long '.repeat(30).trim()
  const { id } = await cli.add(title)
  const { stdout } = await cli.run({ env: { COLUMNS: '20' } }, 'list')
  assert.ok(stdout.includes(title))
  await cli.todo('rm', `${id}`)
})
