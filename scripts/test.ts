import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { join } from 'node:path'
import { inheritedEnvironment, testConfig } from '../shared/config.ts'
import { startTestServer } from '../test/support/server.ts'

// Runs the suite: `node scripts/test.ts [glob…] [--node-test-option…]`. One Postgres serves all files, or the server
// that TODO_TEST_DATABASE_URL names.

const root = join(import.meta.dirname, '..')

/** What `make test` leaves to targets that need more, and what is not ours. */
const elsewhere = [
  'node_modules',
  'dist',
  '.stack',
  '.cache',
  'test/stack',
  'test/chaos',
  'test/cluster',
  'test/deploy',
]

async function findTests(): Promise<string[]> {
  const isElsewhere = (path: string) => elsewhere.some((name) => path === name || path.startsWith(`${name}/`))
  const found: string[] = []
  for await (const path of glob('**/*.test.ts', { cwd: root, exclude: isElsewhere })) {
    if (!isElsewhere(path)) found.push(path)
  }
  return found.sort()
}

function run(args: string[], extra: Record<string, string>): Promise<number> {
  return new Promise((resolve) => {
    const env = inheritedEnvironment({ NODE_ENV: 'test', ...extra })
    const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit', env })
    // The child is in our process group and gets Ctrl-C too; we stay to clean up after it.
    const forward = (signal: NodeJS.Signals) => child.kill(signal)
    process.on('SIGINT', forward).on('SIGTERM', forward)
    child.once('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 1)))
  })
}

async function main(): Promise<number> {
  const options = process.argv.slice(2).filter((word) => word.startsWith('--'))
  const named = process.argv.slice(2).filter((word) => !word.startsWith('--'))
  const files = named.length > 0 ? named : await findTests()
  if (existsSync(join(root, 'scripts/build.ts'))) {
    const built = await run(['scripts/build.ts'], {})
    if (built !== 0) return built
  }
  const started = performance.now()
  const server = testConfig().databaseUrl === null ? await startTestServer() : null
  try {
    const place = server === null ? {} : { TODO_TEST_POSTGRES: server.socketDir }
    const reporter = options.some((option) => option.startsWith('--test-reporter'))
      ? []
      : ['--test-reporter=dot']
    const args = ['--test', '--test-concurrency=2', ...reporter, ...options, ...files]
    const code = await run(args, place)
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    const where = server === null ? 'the given database' : 'embedded Postgres'
    process.stderr.write(`tests ${code === 0 ? 'passed' : 'FAILED'} in ${seconds} s on ${where}\n`)
    return code
  } finally {
    await server?.stop()
  }
}

process.exitCode = await main()
