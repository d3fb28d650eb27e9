import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { type Cli, createCli, program } from '../support/cli.ts'
import { openTerminal } from '../support/pty.ts'

let here: Cli
let there: Cli

const formats = ['json', 'ndjson', 'csv', 'todotxt', 'taskwarrior', 'ical', 'markdown']

before(async () => {
  here = await createCli()
  there = await createCli()
  await there.todo('list')
  await here.add('Pay rent', '+home', '--project', 'house.flat', '-p', 'high', '--due', '2026-12-24')
  await here.add(
    'Ring "mum", twice',
    '+a',
    '+b',
    '--due',
    '2026-12-25T17:00',
    '--note',
    'line one\nline, two',
  )
  await here.add('日本語 🛒 done', '-p', 'low')
  await here.todo('done', '3')
  await here.todo('start', '2')
  await here.add('Water plants', '--every', '3 days', '--due', '2099-01-01', '+home')
})

const all = async (cli: Cli, format: string) => (await cli.todo('export', '--format', format)).stdout

for (const format of formats) {
  test(`${format}: exported, imported elsewhere and exported there, it is the same; again it changes nothing`, async () => {
    const elsewhere = await createCli()
    const before = await all(here, format)
    const file = join(here.folder, `tasks-${format}`)
    writeFileSync(file, before)
    const first = await elsewhere.todo('import', '--format', format, file)
    assert.equal(first.code, 0, first.stderr)
    assert.match(first.stderr, /^Imported 4 tasks/)
    assert.equal(await all(elsewhere, format), before)
    const again = await elsewhere.run({ input: before }, 'import', '--format', format, '-')
    assert.match(again.stderr, /^Imported 0 tasks; \d were there already\.\n$/)
    assert.equal(await all(elsewhere, format), before)
    await elsewhere.remove()
  })
}

test('one undo takes a whole import back, and --dry-run brings none', async () => {
  const file = join(there.folder, 'some.ndjson')
  writeFileSync(file, Array.from({ length: 300 }, (_, n) => `{"title":"Task ${n}"}\n`).join(''))
  assert.match((await there.todo('import', file, '--dry-run')).stderr, /^Would import 300 tasks\.\n$/)
  assert.equal((await there.todo('list', '-q')).stdout, '')
  assert.deepEqual(await there.todo('import', file), {
    stdout: '',
    stderr: 'Imported 300 tasks.\n',
    code: 0,
  })
  assert.equal((await there.todo('list', '-q')).stdout.split('\n').length - 1, 300)
  await there.todo('undo', '-q')
  assert.equal((await there.todo('list', '-q')).stdout, '')
})

test('a bad record is told with its line and keeps the others out, unless --skip-bad leaves only it out', async () => {
  const input = '{"title":"Good"}\n{"title":"Bad","due_date":"soon"}\n{broken\n'
  const refused = await there.run({ input }, 'import', '--format', 'ndjson', '-')
  assert.equal(refused.code, 2)
  assert.match(refused.stderr, /line 3: is not JSON/)
  assert.match(refused.stderr, /Nothing was imported\. .*--skip-bad/)
  assert.equal((await there.todo('list', '-q')).stdout, '')
  const skipped = await there.run({ input }, 'import', '--format', 'ndjson', '--skip-bad', '-')
  assert.equal(skipped.code, 1)
  assert.match(skipped.stderr, /line 2: due_date .*\n/)
  assert.match(skipped.stderr, /Imported 1 task; 2 left out\.\n$/)
  await there.todo('undo')
})

test('an import that is interrupted leaves nothing', async () => {
  const child = spawn(process.execPath, [program, 'import', '--format', 'ndjson', '-'], { env: there.env })
  const lines = Array.from({ length: 3_000 }, (_, n) => `{"title":"Half ${n}"}\n`).join('')
  await new Promise((resolve) => child.stdin.write(lines, resolve))
  child.kill('SIGINT')
  await new Promise((resolve) => child.once('exit', resolve))
  assert.equal((await there.todo('list', '-q')).stdout, '')
})

test('on a terminal a bar shows how far a long import is, and nothing of it stays', async () => {
  const file = join(there.folder, 'long.ndjson')
  writeFileSync(file, Array.from({ length: 5_000 }, (_, n) => `{"title":"Long ${n}"}\n`).join(''))
  const screen = openTerminal(there, ['import', file])
  assert.equal(await screen.exit, 0)
  assert.match(screen.output(), /Importing \[#*\.*\] \d+ % {2}[\d,]+ tasks/)
  assert.match(screen.output(), /\r\x1b\[KImported 5,000 tasks\.\r?\n$/)
  assert.equal(readFileSync(file, 'utf8').split('\n').length, 5_001)
})
