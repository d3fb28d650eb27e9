import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { displayWidth } from '../../cli/text.ts'
import { type Cli, createCli } from '../support/cli.ts'
import { openTerminal, plain, type ScreenOptions } from '../support/pty.ts'

let cli: Cli

before(async () => {
  cli = await createCli()
  await cli.add('Pay rent', '-p', 'high', '-t', 'home', '--due', '2020-01-01')
  await cli.add('買い物 🛒 list', '-t', 'shop', '--project', 'house')
  await cli.add('A title that is long enough to be cut where the terminal is narrow, and then some more')
})

async function shown(words: string[], options: ScreenOptions = {}) {
  const screen = openTerminal(cli, words, options)
  const code = await screen.exit
  return { output: screen.output(), lines: plain(screen.output()).trimEnd().split('\n'), code }
}

test('on a terminal the list is a table with a head, in colour, aligned, and no wider than the terminal', async () => {
  const { output, lines, code } = await shown(['list'], { cols: 70 })
  assert.equal(code, 0)
  assert.match(lines[0]!, /id +priority +due +title +tags +project/)
  assert.equal(lines.length, 4)
  for (const line of lines) assert.ok(displayWidth(line) <= 70, line)
  const title = lines[0]!.indexOf('title')
  assert.deepEqual(
    lines.slice(1).map((line) => displayWidth(line.slice(0, line.search(/Pay|買|A title/)))),
    [title, title, title],
  )
  assert.ok(
    lines.some((line) => line.includes('…')),
    'the long title is cut',
  )
  assert.match(output, /\x1b\[33mhigh/)
})

test('what has no room gives way: the title first, then project, tags, priority and date', async () => {
  const heads: [cols: number, head: RegExp][] = [
    [60, /^id +priority +due +title +tags +project$/],
    [44, /^id +priority +due +title$/],
    [34, /^id +due +title$/],
    [16, /^id +title$/],
  ]
  for (const [cols, head] of heads) {
    const { lines } = await shown(['list'], { cols })
    assert.match(lines[0]!, head, `${cols}`)
    for (const line of lines) assert.ok(displayWidth(line) <= cols, `${cols}: ${line}`)
  }
})

test('lists of other things stand in columns too', async () => {
  assert.deepEqual((await shown(['priority', 'list'])).lines, [
    '1  low       1  #6B7280',
    '2  medium    2  #3B82F6',
    '3  high      3  #F59E0B',
    '4  critical  4  #EF4444',
  ])
})

test('only what recurs has the mark of it', async () => {
  await cli.add('Again', '--every', 'day')
  const { lines } = await shown(['list'])
  assert.deepEqual(
    lines.filter((line) => line.includes('↻')).map((line) => /Again/.test(line)),
    [true],
  )
  await cli.todo('undo')
})

test('colour is never the only sign: what is late has a mark too', async () => {
  const { lines, output } = await shown(['list'], { env: { NO_COLOR: '1' } })
  assert.doesNotMatch(output, /\x1b\[\d+m/)
  assert.match(lines.find((line) => line.includes('Pay rent'))!, /! .*2020/)
})

test('--no-color, NO_COLOR, CLICOLOR=0 and TERM=dumb each turn colour off on a terminal', async () => {
  const none = /\x1b\[\d/
  assert.doesNotMatch((await shown(['list', '--no-color'])).output, none)
  for (const env of [
    { NO_COLOR: '1' },
    { CLICOLOR: '0' },
    { TERM: 'dumb' },
    { NO_COLOR: '1', FORCE_COLOR: '1' },
  ]) {
    assert.doesNotMatch((await shown(['list'], { env })).output, none, JSON.stringify(env))
  }
  assert.match((await shown(['list'], { env: { NO_COLOR: '' } })).output, none, 'an empty NO_COLOR is none')
  assert.match((await shown(['list'], { env: { TERM: 'dumb', CLICOLOR_FORCE: '1' } })).output, none)
})

test('a pipe has no colour unless it is forced, and --no-color wins over that', async () => {
  const colour = async (env: Record<string, string>, ...words: string[]) =>
    /\x1b\[/.test((await cli.run({ env }, 'show', '1', ...words)).stdout)
  assert.equal(await colour({}), false)
  assert.equal(await colour({ CLICOLOR_FORCE: '1' }), true)
  assert.equal(await colour({ FORCE_COLOR: '1' }), true)
  assert.equal(await colour({ FORCE_COLOR: '0' }), false)
  assert.equal(await colour({ FORCE_COLOR: '1', NO_COLOR: '1' }), false)
  assert.equal(await colour({ FORCE_COLOR: '1' }, '--no-color'), false)
  assert.equal(await colour({ FORCE_COLOR: '1' }, '--json'), false)
})

test('text from tasks never reaches the terminal as control characters', async () => {
  const evil = 'a\x1b[2Jb\x1b]0;title\x07c\rd\x9be\u202ef\u2066g\x08h\u2028i'
  const { id } = await cli.add(evil, '--note', `${evil}\nsecond line`)
  await cli.todo('tag', 'add', `t\x1b[31mag`)
  const forms = [
    ['list'],
    ['show', `${id}`],
    ['tag', 'list'],
    ['start', `${id}`],
    ['search', 'second'],
    ['rm', `${id}`],
  ]
  for (const words of forms) {
    const piped = await cli.todo(...words, '--dry-run')
    const texts = [
      piped.stdout,
      piped.stderr,
      (await shown([...words, '--dry-run', '--no-color'])).lines.join('\n'),
    ]
    for (const text of texts) {
      assert.doesNotMatch(
        text,
        /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028]/,
        words.join(' '),
      )
    }
  }
  assert.match(
    (await cli.todo('list')).stdout,
    /a\\x1b\[2Jb\\x1b\]0;title\\x07c\\rd\\x9be\\u202ef\\u2066g\\x08h\\u2028i/,
  )
  assert.equal((await cli.json('show', `${id}`, '--json')).title, evil, 'JSON keeps them')
  const notFound = await cli.todo('show', '\x1b[31mred')
  assert.doesNotMatch(notFound.stderr, /\x1b/)
  await cli.todo('rm', `${id}`)
})

test('a change of more than three tasks asks once, and only a clear yes is one', async () => {
  const ids = (await cli.run({ input: 'a\nb\nc\nd\n' }, 'add', '-', '-q')).stdout.trim().split('\n')
  for (const [verb, answer] of [
    ['rm', 'n\r'],
    ['rm', '\r'],
    ['done', 'maybe\r'],
  ] as const) {
    const screen = openTerminal(cli, [verb, ...ids])
    await screen.shows(/\? \[y\/N\]/)
    screen.type(answer)
    assert.equal(await screen.exit, 1)
    assert.equal(screen.output().match(/\[y\/N\]/g)!.length, 1)
  }
  assert.equal((await cli.todo('list', '-q', '--search', 'd')).stdout.includes(ids[3]!), true)
  const yes = openTerminal(cli, ['done', '-q', ...ids])
  await yes.shows(/Complete 4 tasks\? \[y\/N\]/)
  yes.type('y\r')
  assert.equal(await yes.exit, 0)
  assert.ok(plain(yes.output()).endsWith(`${ids.join('\n')}\n`), plain(yes.output()))
})

test('three tasks, --yes or --dry-run ask nothing', async () => {
  const ids = (await cli.run({ input: 'a\nb\nc\nd\n' }, 'add', '-', '-q')).stdout.trim().split('\n')
  assert.equal((await shown(['start', ...ids.slice(0, 3)])).code, 0)
  assert.equal((await shown(['rm', '--dry-run', ...ids])).code, 0)
  assert.equal((await shown(['rm', '--yes', ...ids])).code, 0)
})

test('--no-input never asks, not even on a terminal', async () => {
  const { code, output } = await shown(['rm', '101-104', '--no-input'])
  assert.equal(code, 2)
  assert.match(output, /--yes/)
})

test('Ctrl-C at a question changes nothing and ends with 130', async () => {
  const ids = (await cli.run({ input: 'a\nb\nc\nd\n' }, 'add', '-', '-q')).stdout.trim().split('\n')
  const screen = openTerminal(cli, ['rm', ...ids])
  await screen.shows(/\[y\/N\]/)
  screen.type('\x03')
  assert.equal(await screen.exit, 130)
  assert.equal((await cli.todo('show', ids[0]!)).code, 0)
})

test('Ctrl-D at a question is no', async () => {
  const screen = openTerminal(cli, ['rm', '1', '2', '3', '4'])
  await screen.shows(/\[y\/N\]/)
  screen.type('\x04')
  assert.equal(await screen.exit, 1)
  assert.equal((await cli.todo('show', '1')).code, 0)
})

test('a command that wants a pipe says so at once when stdin is a terminal', async () => {
  for (const words of [
    ['add', '-'],
    ['done', '-'],
    ['add', '--lines'],
  ]) {
    const { code, output } = await shown(words)
    assert.equal(code, 2, words.join(' '))
    assert.match(output, /stdin is a terminal/)
  }
})

test('the accessible mode says in sentences what columns, marks and colours say', async () => {
  const { output } = await shown(['list', 'rent'], { env: { TODO_ACCESSIBLE: '1' } })
  assert.match(
    plain(output),
    /^Task 1: Pay rent\. High priority\. Overdue since Wed 1 Jan 2020\. Tagged home\.\r?\n$/,
  )
})
