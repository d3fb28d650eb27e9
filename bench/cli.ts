import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { type BenchHome, createBenchHome, fill, memoryOf } from './support/home.ts'
import { interleave, median, ratioTable, type Sample, time, type Variant } from './support/measure.ts'
import { sampleTasks } from './support/tasks.ts'
import { createTaskwarrior, findTaskwarrior, type Taskwarrior } from './support/taskwarrior.ts'

// What one command costs, start to end, beside a bare `node -e 0` and, where it is installed, Taskwarrior with the same
// tasks: all in one run, in turns. Options: --sizes 1000,10000,100000 --rounds 20 --starts 5

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '1000,10000,100000' },
    rounds: { type: 'string', default: '20' },
    starts: { type: 'string', default: '5' },
  },
})

const bareTarget = 1.6
/** Beyond, Taskwarrior takes seconds for each command, and a list of everything is for nobody. */
const mostCompared = 10_000

type Place = { size: number; home: BenchHome; taskwarrior: Taskwarrior | null }

async function main(): Promise<void> {
  const sizes = values.sizes.split(',').map(Number)
  const places: Place[] = []
  const version = findTaskwarrior()
  try {
    for (const size of sizes) places.push(await prepare(size, version))
    const warm = commands(places)
    say(`## Warm commands\n\n${ratioTable(warm, { add: bareTarget, 'list of 20': bareTarget })}`)
    say(`## Limits\n\n${limits(warm, places)}`)
    say(`## Memory, idle after that\n\n${await memoryTable(places)}`)
    say(`## Starts\n\n${starts(Number(values.starts))}`)
    if (version !== null)
      say(
        `## Beside Taskwarrior ${version}, the same tasks\n\n${rivals(places.filter(({ size }) => size <= mostCompared))}`,
      )
  } finally {
    for (const { home } of places) home.remove()
  }
}

async function prepare(size: number, version: string | null): Promise<Place> {
  process.stderr.write(`preparing ${size} tasks …\n`)
  const home = createBenchHome()
  const tasks = sampleTasks(size)
  await fill(home, tasks)
  return {
    size,
    home,
    taskwarrior:
      version === null || size > mostCompared ? null : createTaskwarrior(version, home.folder, tasks),
  }
}

const inEnglish = (size: number) => size.toLocaleString('en-US')

/** One command and, where Taskwarrior has it too, the same there. */
type Pair = { name: string; ours: string[]; theirs?: string[]; targetMs?: number }

/** Every round needs tasks of its own to complete; the first of the list are as good as any. */
const pairs = (size: number, round: number): Pair[] => [
  {
    name: 'add',
    ours: ['add', 'Buy milk', '--project', 'home', '--due', 'tomorrow', '--tag', 'phone'],
    theirs: ['add', 'Buy milk', 'project:home', 'due:tomorrow', '+phone'],
  },
  { name: 'list of 20', ours: ['list', '--limit', '20'], theirs: ['limit:20', 'list'] },
  ...(size > mostCompared
    ? []
    : [
        {
          name: 'list of all',
          ours: ['list'],
          theirs: ['list'],
          ...(size === 10_000 && { targetMs: 200 }),
        },
      ]),
  {
    name: 'filter',
    ours: ['list', 'project:work', '+bug', 'due.before:2026-06-01'],
    theirs: ['project:work', '+bug', 'due.before:2026-06-01', 'list'],
  },
  { name: 'search', ours: ['search', 'review plan'], theirs: ['/review plan/', 'list'] },
  { name: 'done', ours: ['done', String(round + 2)], theirs: [String(round + 2), 'done'] },
  { name: 'completion of ids', ours: ['__complete', 'todo done '], targetMs: 100 },
  { name: 'completion of tags', ours: ['__complete', 'todo list +'], targetMs: 100 },
]

const oursOf = ({ size, home }: Place, { name, ours }: Pair): Variant => ({
  name: `${name}, ${inEnglish(size)} tasks`,
  ...home.command(...ours),
})

function commands(places: Place[]): Sample[] {
  const node: Variant = { ...places[0]!.home.command(), name: 'node -e 0', args: ['-e', '0'] }
  const version: Variant = { ...places[0]!.home.command('--version'), name: '--version' }
  return interleave(Number(values.rounds), (round) => [
    node,
    version,
    ...places.flatMap((place) => pairs(place.size, round).map((pair) => oursOf(place, pair))),
  ])
}

/** What a person waits for at most, in ms. */
function limits(samples: Sample[], places: Place[]): string {
  const bare = median(samples[0]!.ms)
  const wanted = places.flatMap((place) =>
    pairs(place.size, 0).flatMap(({ name, targetMs }) =>
      targetMs === undefined ? [] : [[`${name}, ${inEnglish(place.size)} tasks`, targetMs] as const],
    ),
  )
  const rows = [['--version', bare + 20] as const, ...wanted].map(([name, limit]) => {
    const { ms } = samples.find((sample) => sample.name === name)!
    const verdict = median(ms) < limit ? 'met' : Math.min(...ms) < limit ? 'met by the least' : 'MISSED'
    return `| ${name} | ${median(ms).toFixed(0)} | ${Math.min(...ms).toFixed(0)} | ≤ ${limit.toFixed(0)} ${verdict} |`
  })
  return `| command | median ms | min ms | target |\n| --- | ---: | ---: | --- |\n${rows.join('\n')}\n`
}

/** Longer than spare connections of the daemon live. */
const restMs = 12_000

/** In the moment after the last command, and when nobody has asked for a while. */
async function memoryTable(places: Place[]): Promise<string> {
  const hot = places.map(({ home }) => memoryOf(home))
  await sleep(restMs)
  const rows = places.map(({ size, home }, n) => {
    const { daemonRss, postgresPss, postgresProcesses } = memoryOf(home)
    return `| ${inEnglish(size)} | ${daemonRss.toFixed(0)} | ${hot[n]!.daemonRss.toFixed(0)} | ${postgresPss.toFixed(0)} | ${postgresProcesses} |`
  })
  return `| tasks | daemon at rest, RSS, MB (≤ 80) | after its last command | Postgres PSS, MB (≤ 40) | its processes |\n| ---: | ---: | ---: | ---: | ---: |\n${rows.join('\n')}\n`
}

/** The very first command of all makes the database; a cold one starts daemon and database that are there. */
function starts(count: number): string {
  const first: number[] = []
  const cold: number[] = []
  for (let n = 0; n < count; n += 1) {
    const home = createBenchHome()
    first.push(time({ name: 'first', ...home.command('add', 'First') }))
    for (let again = 0; again < 3; again += 1) {
      home.todo('daemon', 'stop')
      cold.push(time({ name: 'cold', ...home.command('list') }))
    }
    home.remove()
  }
  const row = (name: string, ms: number[], target: string) =>
    `| ${name} | ${ms.length} | ${median(ms).toFixed(0)} | ${Math.min(...ms).toFixed(0)} | ${Math.max(...ms).toFixed(0)} | ${target} |`
  return [
    '| start | n | median ms | min ms | max ms | target |',
    '| --- | ---: | ---: | ---: | ---: | --- |',
    row('first command ever (`add`)', first, '≤ 3,000'),
    row('cold: no daemon, database there (`list`)', cold, '≤ 1,000'),
    '',
  ].join('\n')
}

function rivals(places: Place[]): string {
  const rounds = Math.min(10, Number(values.rounds))
  const samples = interleave(rounds, (round) =>
    places.flatMap((place) =>
      pairs(place.size, round + 1_000).flatMap((pair) => {
        if (pair.theirs === undefined) return []
        const ours = oursOf(place, pair)
        return [
          ours,
          {
            ...place.taskwarrior!.command(...pair.theirs),
            name: `Taskwarrior ${ours.name}`,
            mayFindNothing: true,
          },
        ]
      }),
    ),
  )
  const rows = samples
    .filter((_, n) => n % 2 === 0)
    .map((ours, n) => {
      const theirs = samples[n * 2 + 1]!
      const ratio = median(theirs.ms) / median(ours.ms)
      const least = Math.min(...theirs.ms) / Math.min(...ours.ms)
      return `| ${ours.name} | ${median(ours.ms).toFixed(0)} | ${median(theirs.ms).toFixed(0)} | ${ratio.toFixed(2)} | ${least.toFixed(2)} |`
    })
  return `| n = ${rounds} each | todo ms | Taskwarrior ms | Taskwarrior ÷ todo | by minima |\n| --- | ---: | ---: | ---: | ---: |\n${rows.join('\n')}\n`
}

const say = (text: string) => process.stdout.write(`${text}\n`)

await main()
