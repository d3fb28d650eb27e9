import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { type Cli, createCli, execute } from '../support/cli.ts'
import { openTerminal, plain } from '../support/pty.ts'

let cli: Cli

before(async () => {
  cli = await createCli()
  const input = Array.from({ length: 40 }, (_, n) => `Title ${n}\n`).join('')
  await cli.run({ input }, 'add', '-')
})

async function shown(words: string[], env: Record<string, string>, rows = 20) {
  const screen = openTerminal(cli, words, { env, rows })
  const code = await screen.exit
  return { text: plain(screen.output()), code }
}

test('on a terminal a list longer than the screen goes through the pager, TODO_PAGER before PAGER', async () => {
  const marks = { PAGER: 'sed s/^/one:/', TODO_PAGER: 'sed s/^/two:/' }
  assert.match((await shown(['list'], { PAGER: marks.PAGER })).text, /^one:.*\n(one:.*\n){40}$/)
  assert.match((await shown(['list'], marks)).text, /^two:/)
  assert.equal((await shown(['list'], { PAGER: 'cat' })).text.split('\n').length, 42)
})

test('what fits on the screen does not', async () => {
  assert.doesNotMatch((await shown(['list'], { PAGER: 'sed s/^/one:/' }, 50)).text, /one:/)
  assert.doesNotMatch((await shown(['list', '--limit', '5'], { PAGER: 'sed s/^/one:/' })).text, /one:/)
})

test('nothing is paged in a pipe, nor when the answer is for a program', async () => {
  const { stdout } = await cli.run({ env: { PAGER: 'sed s/^/one:/' } }, 'list')
  assert.equal(stdout.split('\n').length, 41)
  assert.doesNotMatch(stdout, /one:/)
  assert.doesNotMatch((await shown(['list', '--no-pager'], { PAGER: 'sed s/^/one:/' })).text, /one:/)
  assert.doesNotMatch((await shown(['list', '-q'], { PAGER: 'sed s/^/one:/' })).text, /one:/)
  assert.doesNotMatch((await shown(['list', '--json'], { PAGER: 'sed s/^/one:/' })).text, /one:/)
})

test('leaving the pager early is no failure', async () => {
  const { text, code } = await shown(['list'], { PAGER: 'head -n 3' })
  assert.deepEqual([text.split('\n').length, code], [4, 0])
  assert.equal((await shown(['list'], { PAGER: 'exit 3' })).code, 0)
})

test('a pager that is not there leaves the list to the terminal', async () => {
  const { text, code } = await shown(['list'], { PAGER: 'no-such-pager' })
  assert.equal(code, 0)
  assert.match(text, /Title 39/)
})

const hasLess = (await execute('/bin/sh', ['-c', 'command -v less'], { PATH: '/usr/bin:/bin' })).code === 0

test('less is the pager when none is chosen, and q leaves it', {
  skip: hasLess ? false : 'no less here',
}, async () => {
  const screen = openTerminal(cli, ['list'], { rows: 10 })
  await screen.shows(/Title 0/)
  await screen.shows(/:/)
  screen.type('q')
  assert.equal(await screen.exit, 0)
  assert.doesNotMatch(screen.output(), /Title 39/)
})
