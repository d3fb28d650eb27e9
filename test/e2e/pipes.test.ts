import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { before, test } from 'node:test'
import { type Cli, createCli } from '../support/cli.ts'
import { fill } from '../support/socket.ts'

let cli: Cli
const many = 1_000

/** Titles long enough that the list is far larger than any pipe buffer. */
before(async () => {
  cli = await createCli()
  await fill(cli, many)
})

test('a reader that has seen enough ends the list silently', async () => {
  for (const form of ['', '--json', '--ndjson', '--csv', '-q']) {
    const { stdout, stderr, code } = await cli.shell(`todo list ${form} | head -n 1`)
    assert.equal(stdout.split('\n').length, 2, form)
    assert.deepEqual([stderr, code], ['', 0], form)
  }
  const status = await cli.shell('{ todo list; echo "code $?" >&2; } | head -n 1 >/dev/null')
  assert.match(status.stderr, /^code (0|141)\n$/)
})

test('a closed stdout or stderr from the beginning is no crash', async () => {
  assert.doesNotMatch((await cli.shell('todo list >&-')).stderr, /at .*:\d+/)
  assert.equal((await cli.shell('todo show 1 2>&-')).code, 0)
  assert.equal((await cli.shell('todo show 999999 2>&-')).code, 3)
})

test('a full disk is told in words', {
  skip: process.platform === 'linux' ? false : 'there is no /dev/full',
}, async () => {
  const { stderr, code } = await cli.shell('todo list >/dev/full')
  assert.match(stderr, /^todo: The answer cannot be written: ENOSPC.*\n {2}Make room/)
  assert.deepEqual([stderr.split('\n').length, code], [3, 1])
})

test('nothing is lost in a pipe that somebody made non-blocking and nobody reads at once', {
  skip: spawnSync('perl', ['-e', '1']).status === 0 ? false : 'perl, which can make one so, is not installed',
}, async () => {
  const nonBlocking = `perl -MFcntl -e 'fcntl(STDOUT, F_SETFL, O_NONBLOCK) or die; exec @ARGV'`
  const { stdout, stderr, code } = await cli.shell(
    `${nonBlocking} todo list -q --limit ${many} | (sleep 1; cat)`,
  )
  assert.deepEqual([stdout.split('\n').length - 1, stderr, code], [many, '', 0])
  const long = await cli.shell(`${nonBlocking} todo list --json | (sleep 1; cat)`)
  assert.equal(JSON.parse(long.stdout).length, many)
  const left = await cli.shell(`${nonBlocking} todo list --json | (sleep 1; head -n 2)`)
  assert.deepEqual([left.stdout.split('\n').length, left.stderr, left.code], [3, '', 0])
})

test('the first rows of a long list come before the last ones are read', async () => {
  const { stdout } = await cli.shell('todo list --ndjson | head -n 1')
  assert.equal(JSON.parse(stdout).title.startsWith('Task '), true)
  const all = await cli.todo('list', '-q')
  assert.equal(all.stdout.split('\n').length - 1, many)
})

test('ids flow from one command into the next', async () => {
  const { stdout, code } = await cli.shell('todo list -q --limit 5 --sort created | todo done - -q')
  assert.deepEqual([stdout, code], ['1\n2\n3\n4\n5\n', 0])
  const rows = await cli.shell('todo list --limit 2 --sort created | todo start - -q')
  assert.equal(rows.stdout, '6\n7\n', 'of a row only the id counts')
  const none = await cli.shell('todo list -q --tag nothing | todo done -')
  assert.deepEqual([none.stdout, none.code], ['', 0])
})

test('no command waits for a stdin that nobody closes, unless it was told to read it', async () => {
  for (const words of [
    ['add', 'x', '-q'],
    ['list', '--limit', '1'],
    ['done', '13'],
    ['rm', '14-18', '--yes'],
  ]) {
    assert.equal((await cli.run({ input: null }, ...words)).code, 0, words.join(' '))
  }
  assert.equal((await cli.run({ input: null }, 'rm', '20-25')).code, 2)
})

test('a change of many tasks by ids in a pipe is consent, but deletion wants --yes', async () => {
  const done = await cli.shell('todo done 8-12 -q </dev/null')
  assert.deepEqual([done.stdout, done.code], ['8\n9\n10\n11\n12\n', 0])
  const refused = await cli.shell('todo list -q --limit 4 --sort created --all | todo rm -')
  assert.deepEqual([refused.stdout, refused.code], ['', 2])
  assert.match(refused.stderr, /--yes/)
  assert.equal((await cli.todo('show', '1')).code, 0)
  const removed = await cli.shell('todo list -q --limit 4 --sort created --all | todo rm - --yes -q')
  assert.deepEqual([removed.stdout, removed.code], ['1\n2\n3\n4\n', 0])
})

test('--dry-run of a bulk change shows the same lines and changes nothing', async () => {
  const dry = await cli.todo('rm', '5-9', '--dry-run', '--json=id,version')
  assert.equal(dry.code, 0)
  const before = await cli.json<unknown[]>(
    'list',
    '--all',
    '--sort',
    'created',
    '--limit',
    '5',
    '--json=id,version',
  )
  assert.deepEqual(JSON.parse(dry.stdout), before)
  await cli.todo('done', '26-27', '--dry-run')
  assert.equal((await cli.json('show', '26', '--json')).status, 'todo')
})

test('of many ids the good ones are done, the bad ones told with their reason, and the exit code is 1', async () => {
  const { stdout, stderr, code } = await cli.todo('done', '30', '999998', '31', '-q')
  assert.deepEqual([stdout, code], ['30\n31\n', 1])
  assert.equal(stderr, 'todo: 999998: Task 999998 does not exist.\n')
  const json = await cli.todo('done', '32', '999998', '--json')
  assert.equal(JSON.parse(json.stdout).length, 1)
  const { code: reason, id } = JSON.parse(json.stderr)
  assert.deepEqual([reason, id], ['not_found', 999998])
  assert.equal((await cli.todo('done', '999998', '999999')).code, 3)
  const range = await cli.todo('done', '33', '999990-999995', '999998', '--dry-run')
  assert.equal(range.stderr, 'todo: 999990-999995, 999998 do not exist.\n')
  assert.match(range.stdout, /^Would have done 33: /)
})

test('a batch does each line with its own flags, goes on behind a failure and tells it', async () => {
  const input = [
    'add "In a batch" +batch',
    '# a comment',
    '',
    'list +batch -q',
    'list +batch --json=title',
    'done "in a batch"',
    'show 999998',
    'watch',
    'list +batch --all --csv',
  ].join('\n')
  const { stdout, stderr, code } = await cli.run({ input }, 'batch')
  const [added, id, ...rest] = stdout.split('\n')
  assert.match(added!, /^Added \d+: In a batch · \+batch$/)
  assert.match(id!, /^\d+$/)
  assert.deepEqual(rest.slice(0, 3), ['[', '{"title":"In a batch"}', ']'])
  assert.match(rest[3]!, /^Done \d+: In a batch/)
  assert.match(rest[5]!, /^\d+,In a batch,done,/)
  assert.match(stderr, /line 7 failed \(3\)\.\n.*cannot be done in a batch\.\ntodo: line 8 failed \(2\)/s)
  assert.equal(code, 1)
  const stopped = await cli.run({ input: 'show 999998\nadd never\n' }, 'batch', '--stop')
  assert.deepEqual([stopped.stdout, stopped.code], ['', 3])
})
