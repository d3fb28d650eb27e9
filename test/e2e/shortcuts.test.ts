import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { createCli } from '../support/cli.ts'

test('a view keeps its dates relative, takes more words and every form of output', async () => {
  const cli = await createCli()
  await cli.add('One', '+work', 'due:today', 'p1')
  await cli.add('Two', '+work', 'due:+30d')
  await cli.add('Three', '+home', 'due:today')
  await cli.todo('view', 'save', 'soon', '+work or +home', '--sort', 'title')
  await cli.todo('view', 'save', 'now', 'due.by:+1d')
  const titles = async (...words: string[]) =>
    (await cli.json<{ title: string }[]>(...words, '--json=title')).map((task) => task.title)
  assert.deepEqual(await titles('soon'), ['One', 'Three', 'Two'])
  assert.deepEqual(await titles('soon', 'due:today'), ['One', 'Three'], 'an or of the view stays in its own')
  assert.deepEqual(await titles('now', 'p1'), ['One'])
  assert.deepEqual(
    (await cli.run({ env: { TODO_NOW: '2090-01-01T00:00:00Z' } }, 'now', '-q')).stdout.trim().split('\n')
      .length,
    3,
  )
  assert.equal((await cli.todo('view', 'save', 'list', '+x')).code, 2)
  assert.equal((await cli.todo('view', 'save', 'bad', 'due:sometime')).code, 2)
  const typo = await cli.todo('sooon')
  assert.match(typo.stderr, /Did you mean `todo soon`/)
  assert.equal(typo.code, 2)
  await cli.todo('view', 'rm', 'soon')
  assert.equal((await cli.todo('soon')).code, 2)
  assert.equal((await cli.todo('view', 'rm', 'soon')).code, 3)
})

test('an alias stands for words, is read once and never shadows a command', async () => {
  const cli = await createCli()
  await cli.todo('alias', 'set', 'in', 'add +inbox --priority high')
  await cli.todo('alias', 'set', 'again', 'in twice')
  const task = await cli.json('in', 'Call mum', '--json')
  assert.deepEqual([task.title, task.tags[0]!.name, task.priority.name], ['Call mum', 'inbox', 'High'])
  assert.equal((await cli.todo('again')).code, 2)
  await cli.todo('view', 'save', 'mine', '+inbox')
  await cli.todo('alias', 'set', 'm', 'mine --sort title')
  assert.match((await cli.todo('m')).stdout, /Call mum/, 'but it may name a view')
  assert.equal((await cli.todo('alias', 'set', 'done', 'rm')).code, 2)
  assert.equal((await cli.todo('in', '-h')).stdout.startsWith('todo add'), true)
})

test('a focus of a folder or of the environment filters lists and marks what is added', async () => {
  const cli = await createCli()
  const folder = join(cli.folder, '..', 'project', 'deep')
  mkdirSync(folder, { recursive: true })
  const inside = (line: string, env = {}) => cli.shell(`cd ${folder} && ${line}`, { env })
  await cli.add('Elsewhere')
  await inside('cd .. && todo focus --here +work project:api')
  const task = JSON.parse((await inside('todo add Focused -t own --json')).stdout)
  assert.deepEqual(
    [task.tags.map((tag: { name: string }) => tag.name), task.project],
    [['own', 'work'], 'api'],
  )
  assert.equal((await inside('todo list -q')).stdout, `${task.id}\n`)
  assert.equal((await inside('todo list -q', { TODO_FOCUS: 'none' })).stdout.split('\n').length, 3)
  assert.equal((await cli.todo('list', '-q')).stdout.split('\n').length, 3)
  assert.equal((await cli.run({ env: { TODO_FOCUS: '+work' } }, 'list', '-q')).stdout, `${task.id}\n`)
  await inside(`todo edit ${task.id} --title Renamed`)
  assert.equal((await cli.json('show', String(task.id), '--json')).tags.length, 2)
  await cli.todo('focus', '+nothing')
  assert.equal((await cli.todo('list', '-q')).stdout, '')
  assert.match((await cli.todo('focus')).stdout, /from your settings/)
  await cli.todo('focus', 'none')
  assert.equal((await cli.todo('focus', 'due:(')).code, 2)
})

test('hooks get JSON on stdin: one may change or refuse what is added, the others cannot fail a command', async () => {
  const cli = await createCli()
  const hooks = join(cli.folder, 'config', 'hooks')
  mkdirSync(hooks, { recursive: true })
  const hook = (name: string, body: string) => {
    writeFileSync(join(hooks, name), `#!/bin/sh\n${body}\n`)
    chmodSync(join(hooks, name), 0o755)
  }
  hook(
    'before-add',
    'read task; case "$task" in *bad*) echo "not on my list" >&2; exit 1;; esac; echo "$task" | sed s/teh/the/',
  )
  assert.equal((await cli.json('add', 'teh thing', '--json')).title, 'the thing')
  const refused = await cli.todo('add', 'bad')
  assert.deepEqual([refused.code, refused.stderr.split('\n')[0]], [5, 'todo: Not added: not on my list.'])
  assert.equal((await cli.todo('list', '-q')).stdout.trim().split('\n').length, 1)
  const log = join(cli.folder, 'seen')
  for (const name of ['on-add', 'on-change', 'on-done', 'on-rm'])
    hook(name, `echo ${name} >> ${log}; cat >> ${log}; exit 1`)
  const done = [
    await cli.todo('add', 'x'),
    await cli.todo('start', '1,2'),
    await cli.todo('done', '1-2'),
    await cli.todo('rm', '2'),
  ]
  assert.deepEqual(
    done.map(({ code }) => code),
    [0, 0, 0, 0],
  )
  assert.match(done[2]!.stderr, /hook on-done failed \(1\)/)
  const seen = readFileSync(log, 'utf8')
    .trim()
    .split('\n')
    .map((line) => (line.startsWith('{') ? JSON.parse(line).title : line))
  assert.deepEqual(seen, [
    'on-add',
    'x',
    'on-change',
    'the thing',
    'x',
    'on-done',
    'the thing',
    'x',
    'on-rm',
    'x',
  ])
  await cli.todo('config', 'set', 'hooks.timeout_seconds', '0.2')
  hook('on-add', 'exec sleep 60')
  assert.match((await cli.todo('add', 'y')).stderr, /took longer than 0\.2 s/)
  hook('on-add', 'todo add again')
  await cli.todo('config', 'set', 'hooks.timeout_seconds', '20')
  await cli.todo('add', 'z')
  assert.equal(
    (await cli.json<unknown[]>('list', '--all', '--json', 'again')).length,
    1,
    'a hook starts no hook',
  )
})
