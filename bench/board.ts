import { parseArgs } from 'node:util'
import { type BenchHome, createBenchHome, fill } from './support/home.ts'
import { median, quantile } from './support/measure.ts'
import { sampleTasks } from './support/tasks.ts'
import { type Command, cpuSeconds, memory, openScreen } from './support/tty.ts'

// The board in a pseudo-terminal of 120 × 40, beside a bare Node that prints one letter, all in one run.
// Options: --sizes 1000,10000,100000 --starts 7 --keys 100 --idle 10

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '1000,10000,100000' },
    starts: { type: 'string', default: '7' },
    keys: { type: 'string', default: '100' },
    idle: { type: 'string', default: '10' },
  },
})

const targets = { frame: 300, key: 30, slowKey: 80, memory: 200, idle: 1 }
const burst = { keys: 200, everyMs: 5 }

/** The first start fills caches: of V8, and of what the board asks for first. */
async function warmUp(command: Command, mark: string): Promise<void> {
  const screen = openScreen(command)
  await screen.sees(mark)
  await screen.quiet(1_000)
  await screen.quit('q')
}

type Figures = {
  name: string
  size: number
  frames: number[]
  keys: number[]
  arrived: string
  idle: number
  clears: number
  memory: number
}

/** Until a card is on the screen, not only its frame. */
async function firstFrame(command: Command, mark: string): Promise<number> {
  const screen = openScreen(command)
  const ms = await screen.sees(mark)
  await screen.end()
  return ms
}

async function measure(
  name: string,
  size: number,
  command: Command,
  mark: string,
  place: (n: number) => string,
): Promise<Figures> {
  const frames: number[] = []
  await warmUp(command, mark)
  for (let n = 0; n < Number(values.starts); n += 1) frames.push(await firstFrame(command, mark))
  const screen = openScreen(command)
  await screen.sees(mark)
  await screen.quiet(800)
  const from = screen.output().length
  const keys: number[] = []
  for (let n = 0; n < Number(values.keys); n += 1) {
    // Down and up again: the same distance at every size, with scrolling in it.
    keys.push(await screen.key(n % 50 < 40 ? 'j' : 'k'))
    await screen.quiet(60)
  }
  const arrived = await pressFast(screen, place)
  await screen.quiet(1_000)
  const clears =
    screen
      .output()
      .slice(from)
      .split(/\x1b\[[23]?J/).length - 1
  const before = cpuSeconds(screen.child.pid)
  const started = performance.now()
  await new Promise((resolve) => setTimeout(resolve, Number(values.idle) * 1_000))
  const idle = ((cpuSeconds(screen.child.pid) - before) / (performance.now() - started)) * 100_000
  const { most } = memory(screen.child.pid)
  await screen.end()
  return { name, size, frames, keys, arrived, idle, clears, memory: most }
}

/** A held key: every press counts, and the last one is on the screen soon after it. */
async function pressFast(
  screen: ReturnType<typeof openScreen>,
  place: (n: number) => string,
): Promise<string> {
  screen.child.write('gg')
  await screen.quiet(500)
  const started = performance.now()
  for (let n = 0; n < burst.keys; n += 1) {
    screen.child.write('j')
    await new Promise((resolve) => setTimeout(resolve, burst.everyMs))
  }
  const typed = performance.now() - started
  const wanted = place(burst.keys + 1)
  let isThere = false
  while (!isThere && performance.now() - started - typed < 10_000) {
    isThere = (await screen.shown()).includes(wanted)
    if (!isThere) await screen.quiet(20)
  }
  return isThere ? `all, ${(performance.now() - started - typed).toFixed(0)} ms after the last` : 'SOME LOST'
}

const row = ({ name, size, frames, keys, arrived, idle, clears, memory: megabytes }: Figures): string =>
  [
    ...[name, size.toLocaleString('en-US'), median(frames).toFixed(0), Math.min(...frames).toFixed(0)],
    ...[quantile(keys, 0.5).toFixed(1), quantile(keys, 0.99).toFixed(1), arrived],
    ...[idle.toFixed(2), String(clears), megabytes.toFixed(0)],
  ].join(' | ')

const head = [
  `board | tasks | first frame ms, median (≤ ${targets.frame}) | min | key → redraw ms p50 (≤ ${targets.key}) | p99 (≤ ${targets.slowKey})`,
  `${burst.keys} keys at ${burst.everyMs} ms | idle CPU % (< ${targets.idle}) | full clears | memory MB (≤ ${targets.memory})`,
].join(' | ')

const boardOf = (home: BenchHome): Command => home.command('board')

async function main(): Promise<void> {
  const found: Figures[] = []
  let bare: number[] = []
  for (const size of values.sizes.split(',').map(Number)) {
    process.stderr.write(`preparing ${size} tasks …\n`)
    const home = createBenchHome()
    try {
      await fill(home, sampleTasks(size))
      const place = (n: number) => `${n}/${size}`
      found.push(await measure('todo board', size, boardOf(home), '#', place))
      if (bare.length === 0) bare = await bareStarts(home)
    } finally {
      home.remove()
    }
  }
  const lines = found.map((one) => `| ${row(one)} |`)
  process.stdout.write(`| ${head} |\n|${' --- |'.repeat(10)}\n${lines.join('\n')}\n\n`)
  process.stdout.write(
    `A bare \`node -e\` that prints one letter, in the same run: ${median(bare).toFixed(0)} ms.\n`,
  )
  for (const one of found.filter(({ name }) => name === 'todo board')) {
    process.stdout.write(
      `${one.size} tasks: first frame ÷ bare node ${(median(one.frames) / median(bare)).toFixed(2)}\n`,
    )
  }
}

async function bareStarts(home: BenchHome): Promise<number[]> {
  const { file, env } = home.command()
  const starts: number[] = []
  for (let n = 0; n < Number(values.starts); n += 1) {
    starts.push(await firstFrame({ file, args: ['-e', 'process.stdout.write("#")'], env }, '#'))
  }
  return starts
}

await main()
