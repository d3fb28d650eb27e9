/**
 * What the recurrence engine costs: parsing a rule and finding its next occurrence, in µs, beside croner, rrule.js and
 * rrule-temporal in the same run, and the worst of the hostile rules. Run: node bench/recurrence-engine.ts
 */
import { AppError } from '../shared/errors.ts'
import type { RuleFields } from '../shared/recurrence.ts'

async function timedImport<T>(load: () => Promise<T>): Promise<{ library: T; ms: number }> {
  const begin = performance.now()
  const library = await load()
  return { library, ms: performance.now() - begin }
}

const engine = await timedImport(() => import('../shared/recurrence.ts'))
const croner = await timedImport(() => import('croner'))
const rruleJs = await timedImport(() => import('rrule'))
const rruleTemporal = await timedImport(() => import('rrule-temporal'))
const { parseRule, nextOccurrence, catchUp, occurrences } = engine.library
const { Cron } = croner.library
const { rrulestr } = rruleJs.library.default
const { RRuleTemporal } = rruleTemporal.library

const ZONE = 'Europe/Berlin'
const NOW = Date.UTC(2026, 10, 21, 9)

type Work = (base: number) => unknown
type Case = { name: string; ours: Work; croner?: Work; js?: Work; temporal?: Work }

function fields(rule: Omit<RuleFields, 'time_zone'>): RuleFields {
  return { ...rule, time_zone: ZONE }
}

function parsedEachTime(rule: RuleFields): Work {
  return (base) => nextOccurrence(parseRule(rule), base)
}

function cronCase(name: string, expression: string): Case {
  return {
    name,
    ours: parsedEachTime(fields({ recurrence_pattern: 'custom', cron_expression: expression })),
    croner: (base) => new Cron(expression, { timezone: ZONE, paused: true }).nextRun(new Date(base)),
  }
}

function rruleCase(
  name: string,
  rrule: string,
  start: string,
  rule?: Omit<RuleFields, 'time_zone' | 'start'>,
): Case {
  const dtstart = `DTSTART;TZID=${ZONE}:${start.replace(/[-:]/g, '')}00\nRRULE:${rrule}`
  return {
    name,
    ours: parsedEachTime(fields({ ...(rule ?? { recurrence_pattern: 'custom', rrule }), start })),
    js: (base) => rrulestr(dtstart).after(new Date(base)),
    temporal: (base) => new RRuleTemporal({ rruleString: dtstart }).next(new Date(base)),
  }
}

const CASES: Case[] = [
  cronCase('cron  0 9 * * 1-5', '0 9 * * 1-5'),
  cronCase('cron  */15 * * * *', '*/15 * * * *'),
  cronCase('cron  30 2 29 2 *', '30 2 29 2 *'),
  rruleCase('daily, started a year ago', 'FREQ=DAILY', '2025-11-01T08:00', { recurrence_pattern: 'daily' }),
  rruleCase('monthly on the 31st, started 20 years ago', 'FREQ=MONTHLY', '2006-10-31T08:00', {
    recurrence_pattern: 'monthly',
  }),
  rruleCase('RRULE weekly on 2 days', 'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH', '2025-11-03T08:00'),
  rruleCase('RRULE last workday', 'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1', '2025-11-03T08:00'),
  rruleCase('RRULE every 90 minutes', 'FREQ=MINUTELY;INTERVAL=90', '2026-11-03T08:00'),
]

/** Median over batches of the µs per call; the bases wander so that no answer can be remembered. */
function measure(work: Work): number {
  const budgetMs = 150
  const batches: number[] = []
  const begin = performance.now()
  for (let round = 0; performance.now() - begin < budgetMs || batches.length < 5; round += 1) {
    const from = performance.now()
    const calls = 20
    for (let call = 0; call < calls; call += 1) work(NOW + ((round * calls + call) % 5000) * 3_600_000)
    batches.push(((performance.now() - from) * 1000) / calls)
  }
  return batches.sort((a, b) => a - b)[Math.floor(batches.length / 2)]!
}

function cell(micros: number | null, ours: number): string {
  if (micros === null) return '–'.padStart(18)
  return `${micros.toFixed(1)} (×${(micros / ours).toFixed(1)})`.padStart(18)
}

const loaded = { engine, croner, 'rrule.js': rruleJs, 'rrule-temporal': rruleTemporal }
const imports = Object.entries(loaded).map(([name, { ms }]) => `${name} ${ms.toFixed(0)}`)
console.log(`import, ms (from source; the engine's types are stripped as it loads): ${imports.join(', ')}\n`)
console.log(
  `parse + next, µs (in brackets: how many times ours)\n${'rule'.padEnd(44)}${['engine', 'croner', 'rrule.js', 'rrule-temporal'].map((name) => name.padStart(18)).join('')}`,
)
for (const { name, ours, croner, js, temporal } of CASES) {
  const own = measure(ours)
  const others = [croner, js, temporal].map((work) => cell(work === undefined ? null : measure(work), own))
  console.log(`${name.padEnd(44)}${own.toFixed(1).padStart(18)}${others.join('')}`)
}

const daily = parseRule(fields({ recurrence_pattern: 'daily', start: '2025-11-01T08:00' }))
const century = parseRule(
  fields({ recurrence_pattern: 'custom', cron_expression: '* * * * *', start: '1930-01-01' }),
)
console.log(`\nparsed before, µs: next ${measure((base) => nextOccurrence(daily, base)).toFixed(1)}`)
console.log(
  `  catch-up of one ${measure((base) => catchUp(daily, { after: base - 86_400_000, now: base, policy: 'latest' })).toFixed(1)}`,
)
console.log(
  `  catch-up of 90 years of minutes ${measure((base) => catchUp(century, { after: 0, now: base, policy: 'latest' })).toFixed(0)}`,
)

const HOSTILE: [cronOrRrule: string, start: string][] = [
  ['0 0 30 2 *', ''],
  [`${Array.from({ length: 60 }, (_, index) => index).join()} 0-23 * * *`, ''],
  [`${'1,'.repeat(120)}1 * * * *`, ''],
  ['FREQ=MINUTELY;BYMONTH=2;BYMONTHDAY=30', '2026-01-01T09:00'],
  ['FREQ=DAILY;INTERVAL=7;BYDAY=FR;BYMONTH=2;BYMONTHDAY=29', '2026-01-01T09:00'],
  ['FREQ=MINUTELY;INTERVAL=525599;BYHOUR=9;BYMINUTE=1;BYDAY=MO;BYMONTH=2', '2026-01-01T09:00'],
  ['FREQ=MINUTELY;INTERVAL=1439;BYHOUR=9;BYMINUTE=1', '2026-01-01T09:00'],
  ['FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6', '2026-01-01T09:00'],
  ['FREQ=YEARLY;BYYEARDAY=366;BYDAY=MO;COUNT=10000', '2026-01-01T09:00'],
  ['FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;COUNT=10000', '2026-01-01T09:00'],
]
console.log('\nhostile rules: CPU of parse + next + a list of 100, ms')
for (const [text, start] of HOSTILE) {
  const from = process.cpuUsage()
  let outcome = 'occurs'
  try {
    const expression = start === '' ? { cron_expression: text } : { rrule: text, start }
    const rule = parseRule(fields({ recurrence_pattern: 'custom', ...expression }))
    nextOccurrence(rule, NOW)
    occurrences(rule, { after: NOW, limit: 100 })
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    outcome = `refused: ${error.fields[0]?.code}`
  }
  const { user, system } = process.cpuUsage(from)
  console.log(
    `${((user + system) / 1000).toFixed(1).padStart(8)}  ${text.length > 70 ? `${text.slice(0, 70)}…` : text}  (${outcome})`,
  )
}
