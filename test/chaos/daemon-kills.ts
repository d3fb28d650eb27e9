import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { inheritedEnvironment } from '../../shared/config.ts'
import { createHome, type Home } from '../support/daemon.ts'

// `node test/chaos/daemon-kills.ts [ROUNDS]` (default 50), on the built client. Writers add tasks without a pause while
// the daemon, its Postgres or both are killed with SIGKILL at a random moment. After each kill the next command must
// work by itself, and in the end every acknowledged task must be there, none twice.

const cli = join(import.meta.dirname, '../../dist/cli/main.js')
const writers = 3
const kinds = ['daemon', 'postgres', 'both'] as const

type Tally = { acknowledged: string[]; refused: string[]; added: number; kills: number }

async function main(rounds: number): Promise<number> {
  if (!existsSync(cli)) throw new Error('dist/ is missing: run `make build` first')
  const home = await createHome()
  const run = (...words: string[]) => todo(home, words)
  const tally: Tally = { acknowledged: [], refused: [], added: 0, kills: 0 }
  const [next, broken]: [number[], string[]] = [[], []]
  try {
    await run('add', 'first')
    for (let round = 1; round <= rounds; round += 1) {
      const kind = kinds[round % kinds.length]!
      await killWhileWriting(home, kind, tally)
      const started = performance.now()
      const answer = await run('add', `after ${round}`)
      next.push(performance.now() - started)
      if (answer.ok) tally.acknowledged.push(`after ${round}`)
      else broken.push(`round ${round} (${kind}): ${answer.said}`)
      process.stderr.write(`\rround ${round} of ${rounds}, ${tally.acknowledged.length} tasks acknowledged `)
    }
    const stored = JSON.parse((await run('list', '--all', '--json=title')).said) as { title: string }[]
    return report(
      tally,
      stored.map(({ title }) => title),
      next,
      broken,
    )
  } finally {
    await home.remove()
  }
}

/** Ends when every writer has finished the command that it was at, so that what follows meets a calm system. */
async function killWhileWriting(home: Home, kind: (typeof kinds)[number], tally: Tally): Promise<void> {
  let writing = true
  const write = async () => {
    while (writing) {
      const title = `task ${(tally.added += 1)}`
      const { ok, said } = await todo(home, ['add', title])
      if (ok) tally.acknowledged.push(title)
      else tally.refused.push(said.split('\n', 1)[0]!)
    }
  }
  const all = Array.from({ length: writers }, write)
  await sleep(50 + Math.random() * 700)
  if (kind !== 'postgres') tally.kills += kill(await home.daemonPid())
  if (kind !== 'daemon') tally.kills += kill(home.postgresPid())
  await sleep(Math.random() * 200)
  writing = false
  await Promise.all(all)
}

/** How many were killed: none when the process has just ended or is not there yet. */
function kill(pid: number | null): number {
  if (pid === null) return 0
  try {
    process.kill(pid, 'SIGKILL')
    return 1
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    return 0
  }
}

function todo(home: Home, words: string[]): Promise<{ ok: boolean; said: string }> {
  const env = inheritedEnvironment({ TODO_HOME: home.folder, TODO_DATABASE_URL: undefined })
  const options = { env, maxBuffer: 64 * 1024 * 1024 }
  return new Promise((resolve) => {
    execFile(process.execPath, [cli, ...words], options, (error, stdout, stderr) => {
      resolve({ ok: error === null, said: error === null ? stdout : stderr.trim() })
    })
  })
}

function report(
  { acknowledged, refused, kills }: Tally,
  stored: string[],
  next: number[],
  broken: string[],
): number {
  const count = new Map<string, number>()
  for (const title of stored) count.set(title, (count.get(title) ?? 0) + 1)
  const lost = acknowledged.filter((title) => !count.has(title))
  const twice = stored.length - count.size
  const sorted = next.toSorted((a, b) => a - b)
  const [middle, slowest] = [sorted[sorted.length >> 1]!, sorted.at(-1)!]
  process.stderr.write('\n')
  const line = (name: string, value: unknown) => process.stdout.write(`${name.padEnd(24)}${value}\n`)
  line('rounds', next.length)
  line('processes killed', kills)
  line('acknowledged', acknowledged.length)
  line('refused in a kill', refused.length)
  line('lost', lost.length)
  line('twice', twice)
  line('next command broken', broken.length)
  line('next command', `${middle.toFixed(0)} ms median, ${slowest.toFixed(0)} ms at most`)
  for (const why of new Set(refused)) process.stdout.write(`refused: ${why}\n`)
  for (const what of [...lost.map((title) => `lost: ${title}`), ...broken]) process.stdout.write(`${what}\n`)
  return lost.length + twice + broken.length === 0 ? 0 : 1
}

process.exitCode = await main(Number(process.argv[2] ?? 50))
