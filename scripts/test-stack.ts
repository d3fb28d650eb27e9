import { spawn } from 'node:child_process'
import { glob } from 'node:fs/promises'
import { join } from 'node:path'
import { fetchKafka, findTools } from '../deploy/local/tools.ts'
import { inheritedEnvironment } from '../shared/config.ts'

// Runs the suite on the real stack: `node scripts/test-stack.ts [file…] [--node-test-option…]`. Every file starts a
// stack of its own on free ports. Two run at a time, since each waits more than it works: for leases, retries, groups.

const root = join(import.meta.dirname, '..')

async function main(): Promise<number> {
  const words = process.argv.slice(2)
  const { tools, missing } = findTools(inheritedEnvironment({}))
  if (!tools) {
    for (const one of missing) process.stderr.write(`${one.what} is missing:   ${one.install}\n`)
    return 1
  }
  await fetchKafka(tools, (line) => process.stderr.write(`${line}\n`))
  const named = words.filter((word) => !word.startsWith('-'))
  const files = named.length > 0 ? named : await Array.fromAsync(glob('test/stack/*.test.ts', { cwd: root }))
  const options = words.filter((word) => word.startsWith('-'))
  const started = performance.now()
  const code = await run([
    // The Kafka client sets timers in the past, of which newer Nodes warn on every connection.
    '--disable-warning=TimeoutNegativeWarning',
    ...['--test', '--test-concurrency=2', '--test-timeout=240000', '--test-reporter=spec'],
    ...[...options, ...files.sort()],
  ])
  const seconds = ((performance.now() - started) / 1000).toFixed(0)
  process.stderr.write(`stack tests ${code === 0 ? 'passed' : 'FAILED'} in ${seconds} s\n`)
  return code
}

function run(args: string[]): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      stdio: 'inherit',
      env: inheritedEnvironment({}),
    })
    // The child is in our process group and gets Ctrl-C too; it ends its stack, and we wait for that.
    process.on('SIGINT', () => {}).on('SIGTERM', () => child.kill('SIGTERM'))
    child.once('exit', (code) => resolve(code ?? 1))
  })
}

main().then((code) => {
  process.exitCode = code
})
