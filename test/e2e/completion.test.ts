import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { before, test } from 'node:test'
import { type Cli, createCli } from '../support/cli.ts'
import { fill } from '../support/socket.ts'

let cli: Cli

before(async () => {
  cli = await createCli()
  await cli.add('Pay rent', '+home', '--project', 'house.flat')
  await cli.add('Paint wall', '+garden')
  await cli.add('Old thing')
  await cli.todo('done', '3')
  await cli.todo('view', 'save', 'soon', 'due.by:+3d')
})

/** The candidates for the end of a line. */
async function offered(line: string): Promise<string[]> {
  const { stdout, stderr, code } = await cli.todo('__complete', line)
  assert.deepEqual([stderr, code], ['', 0], line)
  return stdout
    .split('\n')
    .filter((row) => row !== '')
    .map((row) => row.split('\t')[0]!)
}

test('commands, own ones, verbs of nouns and flags are offered by what they begin with', async () => {
  assert.deepEqual(await offered('todo re'), ['reopen', 'redo', 'recur'])
  assert.deepEqual(await offered('todo so'), ['soon'])
  assert.deepEqual(await offered('todo tag r'), ['rename', 'rm'])
  assert.deepEqual(await offered('todo list --pr'), ['--priority', '--project'])
  assert.deepEqual(await offered('todo add x --priority h'), ['high'])
  assert.deepEqual(await offered('todo list --sort u'), ['updated', 'urgency'])
})

test('ids come with their titles, open ones for done and done ones for reopen', async () => {
  const rows = (await cli.todo('__complete', 'todo done ')).stdout.trim().split('\n').sort()
  assert.deepEqual(rows, ['1\tPay rent', '2\tPaint wall'])
  assert.deepEqual(await offered('todo reopen '), ['3'])
  assert.deepEqual(await offered('todo done 1,'), ['1,2'])
  assert.deepEqual(await offered('todo done rent'), ['1'], 'by a part of the title too')
})

test('an id that was begun is found however many tasks are more urgent', async () => {
  const other = await createCli()
  await fill(other, 250)
  await other.add('Least urgent', '--priority', 'low')
  const rows = async (line: string) => (await other.todo('__complete', line)).stdout.trim().split('\n')
  assert.deepEqual(await rows('todo done 251'), ['251\tLeast urgent'])
  assert.deepEqual((await rows('todo done 25')).map((row) => row.split('\t')[0]).sort(), ['25', '250', '251'])
  assert.deepEqual(await rows('todo done 0'), [''])
})

test('tags, projects and dates are offered behind their marks and flags', async () => {
  assert.deepEqual(await offered('todo list +h'), ['+home'])
  assert.deepEqual(await offered('todo edit 1 -h'), ['-home'])
  assert.deepEqual(await offered('todo add x -t g'), ['garden'])
  assert.deepEqual(await offered('todo add x project:h'), ['project:house.flat'])
  assert.deepEqual(await offered('todo list --project ho'), ['house.flat'])
  assert.deepEqual(await offered('todo add x due:to'), ['due:today', 'due:tomorrow'])
  assert.deepEqual(await offered('todo list status:d'), ['status:doing', 'status:done'])
})

test('it never fails, says nothing of its own and starts no service', async () => {
  assert.deepEqual(await offered('todo add "it is'), [])
  assert.deepEqual(await offered('todo list ( or '), await offered('todo list '))
  const other = await createCli()
  const { stdout, stderr, code } = await other.todo('__complete', 'todo done ')
  assert.deepEqual([stdout, stderr, code], ['', '', 0])
  assert.match((await other.todo('daemon', 'status')).stderr, /Not running/)
})

const within = (shell: string) => {
  const path = ['/usr/bin', '/bin', '/usr/local/bin'].map((folder) => `${folder}/${shell}`).find(existsSync)
  return { path, skip: path === undefined ? `${shell} is not installed` : false }
}

test('bash completes words with colons too', { skip: within('bash').skip }, async () => {
  const complete = async (line: string) => {
    const script = `eval "$(todo completion bash)"; COMP_LINE='${line}'; COMP_POINT=\${#COMP_LINE}; _todo; printf '%s\\n' "\${COMPREPLY[@]}"`
    return (await cli.shell(`bash --norc -c ${JSON.stringify(script).replaceAll('$', '\\$')}`)).stdout.trim()
  }
  assert.equal(await complete('todo list +ho'), '+home')
  assert.equal(await complete('todo list project:ho'), 'house.flat', 'what stands before the colon stays')
  assert.equal(await complete('todo comp'), 'completion')
})

test('fish completes with meanings', { skip: within('fish').skip }, async () => {
  const { stdout, stderr } = await cli.shell(
    `todo completion fish > "$TODO_HOME/todo.fish"; fish --no-config -c 'source $TODO_HOME/todo.fish; complete -C "todo done 1"'`,
  )
  assert.match(stdout, /^1\tPay rent$/m, stderr)
})

test('zsh takes the script without a complaint', { skip: within('zsh').skip }, async () => {
  const { stdout, stderr } = await cli.shell(
    `zsh -f -c 'autoload -U compinit; compinit -u -D; eval "$(todo completion zsh)"; print -- $_comps[todo]'`,
  )
  assert.deepEqual([stdout, stderr], ['_todo\n', ''])
})
