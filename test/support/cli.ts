import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import type { Task } from '../../shared/api/task.ts'

export const program = join(import.meta.dirname, '../../dist/cli/main.js')

export type Result = { stdout: string; stderr: string; code: number | null }

export type RunOptions = {
  /** Over the bare environment that every run gets; undefined takes a variable out. */
  env?: Record<string, string | undefined>
  /** Written to stdin, which is then closed; without it stdin is empty. Null leaves it open and says nothing. */
  input?: string | Buffer | null
}

export type Cli = {
  /** What TODO_HOME names. */
  folder: string
  /** The environment of every run: nothing of the caller's, so that tests see the same everywhere. */
  env: Record<string, string>
  todo: (...words: string[]) => Promise<Result>
  run: (options: RunOptions, ...words: string[]) => Promise<Result>
  /** A line of the shell with `todo` on the PATH. */
  shell: (line: string, options?: RunOptions) => Promise<Result>
  /** Runs, expects success and parses stdout. */
  json: <T = Task>(...words: string[]) => Promise<T>
  /** Runs `add` and answers the task. */
  add: (...words: string[]) => Promise<Task>
  /** Stops the daemon with its database and removes the folder. Done at the file's end if not before. */
  remove: () => Promise<void>
}

const open = new Set<Cli>()

after(async () => {
  for (const cli of open) await cli.remove()
})

/** A TODO_HOME of its own in a temp folder. The first command starts its daemon, later ones find it warm. */
export async function createCli(): Promise<Cli> {
  if (!existsSync(program)) throw new Error('build first: node scripts/build.ts')
  const folder = await mkdtemp(join(tmpdir(), 'todo-'))
  const env = {
    HOME: join(folder, 'home'),
    TODO_HOME: join(folder, 'todo'),
    PATH: `${putOnPath(folder)}:/usr/local/bin:/usr/bin:/bin`,
    LANG: 'C.UTF-8',
    TERM: 'xterm-256color',
    TZ: 'UTC',
  }
  const run = ({ env: more = {}, input }: RunOptions, words: string[]) =>
    execute(process.execPath, [program, ...words], { ...env, ...more }, input)
  const expectDone = async (words: string[]) => {
    const result = await run({}, words)
    assert.equal(result.code, 0, result.stderr)
    return JSON.parse(result.stdout)
  }
  const cli: Cli = {
    folder: env.TODO_HOME,
    env,
    todo: (...words) => run({}, words),
    run: (options, ...words) => run(options, words),
    shell: (line, { env: more = {}, input } = {}) =>
      execute('/bin/sh', ['-c', line], { ...env, ...more }, input),
    json: (...words) => expectDone(words),
    add: (...words) => expectDone(['add', '--json', ...words]),
    remove: async () => {
      open.delete(cli)
      await run({}, ['daemon', 'stop'])
      await rm(folder, { recursive: true, force: true })
    },
  }
  open.add(cli)
  return cli
}

function putOnPath(folder: string): string {
  const bin = join(folder, 'bin')
  mkdirSync(bin)
  mkdirSync(join(folder, 'home'))
  writeFileSync(join(bin, 'todo'), `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`)
  chmodSync(join(bin, 'todo'), 0o755)
  return bin
}

export function execute(
  file: string,
  words: string[],
  env: Record<string, string | undefined>,
  input?: string | Buffer | null,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, words, { env, stdio: ['pipe', 'pipe', 'pipe'] })
    const out: Buffer[] = []
    const err: Buffer[] = []
    child.stdout.on('data', (chunk) => out.push(chunk))
    child.stderr.on('data', (chunk) => err.push(chunk))
    // A program that refuses before it has read everything is no failure of the test.
    child.stdin.on('error', () => {})
    if (input !== null) child.stdin.end(input ?? '')
    child.once('error', reject)
    child.once('close', (code) =>
      resolve({ stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString(), code }),
    )
  })
}
