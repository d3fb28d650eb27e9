import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { type Cli, createCli } from '../support/cli.ts'

// What people type first who come from another tool works, or one line says what to type.

let cli: Cli

const env = { TODO_NOW: '2026-11-21T09:00:00Z' }
const todo = (...words: string[]) => cli.run({ env }, ...words)

before(async () => {
  cli = await createCli()
})

async function works(expected: string | RegExp, ...words: string[]) {
  const { stdout, stderr, code } = await todo(...words)
  assert.equal(code, 0, `${words.join(' ')}: ${stderr}`)
  if (typeof expected === 'string') assert.equal(stdout, expected, words.join(' '))
  else assert.match(stdout, expected, words.join(' '))
}

/** Nothing is done, and the answer names what to type. */
async function isTold(hint: RegExp, ...words: string[]) {
  const { stdout, stderr, code } = await todo(...words)
  assert.deepEqual([stdout, code], ['', 2], words.join(' '))
  assert.match(stderr.split('\n').slice(0, 2).join('\n'), hint, words.join(' '))
}

test('what a user of Taskwarrior types first', async () => {
  await works(
    'Added 1: buy milk · high · Sun 22 Nov (tomorrow) · +shop · project:home\n',
    ...['add', 'buy', 'milk', '+shop', 'project:home', 'due:tomorrow', 'pri:H'],
  )
  await works('1\ttodo\thigh\t2026-11-22\tbuy milk\tshop\thome\n', '+shop', 'list')
  await works(/^#1 buy milk\n/, '1', 'list')
  await isTold(/`todo show 3`/, '1', 'info')
  await works(/^Changed 1: buy milk · high · \+shop/, '1', 'modify', 'due:')
  await works(/^Done 1: /, '1', 'done')
  await works('', '+PENDING', 'list')
  await works(/buy milk/, '+COMPLETED', 'list')
  await works(
    'Added 2: pay rent ↻ · high · Tue 1 Dec (in 10 days) · +bills · project:home · every month on the 1st\n',
    ...['add', 'pay', 'rent', 'project:home', '+bills', 'due:1st', 'recur:monthly', 'pri:H'],
  )
  await works(/pay rent/, '+bills', 'project:home', 'due.before:eoy', '( pri:H or +next )', 'list')
  await works(/pay rent/)
  await isTold(/`todo edit 2 due:fri`/, '2', 'due:fri')
  await isTold(/`todo edit 3 --note TEXT`/, '2', 'annotate', 'hello')
  await isTold(/--sort urgency/, 'list', 'urgency.over:8')
  await isTold(/`todo focus \+work`/, 'context', '+work')
  await isTold(/nothing to sync/, 'sync')
  await isTold(/`todo project list`/, 'projects')
  await isTold(/`todo tag list`/, 'tags')
  await isTold(/`todo stats`/, 'burndown')
})

test('rules of recurrence in short', async () => {
  const rule = async (...words: string[]) => {
    const { stdout, stderr } = await todo('add', 'x', ...words, '--dry-run', '--jq', '.rule.text')
    return stdout.replace(' (UTC)\n', '') || stderr
  }
  assert.equal(await rule('recur:2mo', 'due:1st'), 'every 2 months on the 1st')
  assert.equal(await rule('recur:P2W', 'due:mon'), 'every 2 weeks on Monday')
  assert.equal(await rule('rec:+1m', 'due:2026-12-01'), 'every month on the 1st')
  assert.equal(await rule('every', '3d'), 'every 3 days')
  assert.equal(await rule('--every', '1bd'), 'every weekday')
  assert.equal(await rule('--every', 'every! 2w'), '2 weeks after completion')
})

test('what a user of dstask types first', async () => {
  await works(/^Added \d+: fix it · \+bug · project:ops\n$/, 'add', 'fix', 'it', '+bug', 'project:ops')
  await works(/fix it/, 'next', '+bug', '-later', 'project:ops')
  await works(/Fri 25 Dec/, 'add', '--dry-run', 'x', 'due:12-25')
  await works(/Mon 23 Nov/, 'add', '--dry-run', 'x', 'due:next-monday')
  await isTold(/15th/, 'add', 'x', 'due:15')
  await isTold(/p1 is critical/, 'next', '+bug', 'P1')
  const { stdout: id } = await todo('list', 'fix', '-q')
  await works(/^Done \d+: fix it/, 'done', id.trim())
  await works(/^Reopened \d+: fix it/, id.trim(), 'reopen')
  await works(/^Done \d+: fix it/, id.trim(), 'done')
})

test('what a user of todo.txt types first', async () => {
  const { stderr } = await todo('add', '(A) ring @phone +house')
  assert.match(stderr, /write pri:critical, or `todo config set dialect todotxt`/)
  assert.match(stderr, /write \+phone for a tag/)
  await works(/ring @phone/, 'ls', '@phone')
  await works(/^Done \d+: /, 'do', 'ring')
  await isTold(/pri:high/, 'pri', '3', 'B')
  await isTold(/`todo project list`/, 'lsprj')
  await isTold(/`todo tag list`/, 'lsc')
  await isTold(/out of the way by themselves/, 'archive')
  await todo('config', 'set', 'dialect', 'todotxt')
  await works(/^Added \d+: ring · critical · \+phone · project:house\n$/, 'add', '(A) ring @phone +house')
  await works(/ring/, 'ls', '+house', '@phone', '-later')
  await works('', 'ls', '+elsewhere')
  await todo('config', 'set', 'dialect', 'todo')
})

test('what a user of Todoist types first', async () => {
  const { stderr } = await todo('add', 'ring mum tomorrow 5pm p1 #Home')
  assert.match(stderr, /write project:Home for a project/)
  assert.match(stderr, /write due:'tomorrow 5pm' for a due date/)
  await works('', 'today')
  await works('', 'list', '--filter', 'today & p1')
  await works(/ring mum/, 'list', 'no date & p1')
  await works('', 'list', '(overdue | today) & p1 & ##Work & !@wait')
  await works(/pay rent/, 'list', 'due before: 2 dec')
  await isTold(/whoever is signed in/, 'list', 'assigned to: me')
  await todo('config', 'set', 'dialect', 'todoist')
  await works(
    /^Added \d+: ring mum · critical · Sun 22 Nov 17:00 \(tomorrow\) · project:Home\n$/,
    ...['add', 'ring mum tomorrow 5pm p1 #Home'],
  )
  await works(/ring mum/, 'list', '#Home')
  await todo('config', 'set', 'dialect', 'todo')
})

test('the next of an all-day task is a day, and undo takes a task back together with its rule', async () => {
  const { stdout } = await todo('add', 'stretch', '--every', 'day', '--due', 'today', '-q')
  await todo('undo')
  assert.doesNotMatch((await todo('recur', 'list')).stdout, /stretch/)
  await todo('redo')
  assert.match((await todo('recur', 'list')).stdout, /stretch/)
  await works(/ · next \w{3} \d+ \w{3} \(/, 'done', stdout.trim())
})
