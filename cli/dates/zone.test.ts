import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import fc from 'fast-check'
import { inheritedEnvironment } from '../../shared/config.ts'
import { parseDate } from '../dates.ts'
import { instantOf, localIso, localZone, wallAt, zoneName } from './zone.ts'

const at = (text: string, timeZone: string, now = '2026-01-15T12:00:00Z') => {
  const due = parseDate(text, { now: new Date(now), timeZone })
  return 'at' in due ? due.at : due.date
}

test('A time in a spring gap becomes the first minute after it, a time in an autumn overlap its first copy', () => {
  const cases: [string, string, string][] = [
    ['Europe/Berlin', '2026-03-29T02:30', '2026-03-29T01:00:00.000Z'],
    ['Europe/Berlin', '2026-03-29T03:00', '2026-03-29T01:00:00.000Z'],
    ['Europe/Berlin', '2026-10-25T02:30', '2026-10-25T00:30:00.000Z'],
    ['America/New_York', '2026-03-08T02:00', '2026-03-08T07:00:00.000Z'],
    ['America/New_York', '2026-11-01T01:30', '2026-11-01T05:30:00.000Z'],
    // Lord Howe changes by half an hour.
    ['Australia/Lord_Howe', '2026-10-04T02:15', '2026-10-03T15:30:00.000Z'],
    ['Australia/Lord_Howe', '2026-04-05T01:45', '2026-04-04T14:45:00.000Z'],
    // Beirut and Santiago skip midnight.
    ['Asia/Beirut', '2026-03-29T00:30', '2026-03-28T22:00:00.000Z'],
    ['America/Santiago', '2026-09-06T00:00', '2026-09-06T04:00:00.000Z'],
    // Samoa had no 30 December 2011.
    ['Pacific/Apia', '2011-12-30T12:00', '2011-12-30T10:00:00.000Z'],
    ['Asia/Kathmandu', '2026-06-01T09:00', '2026-06-01T03:15:00.000Z'],
    ['Pacific/Kiritimati', '2026-06-01T09:00', '2026-05-31T19:00:00.000Z'],
    ['Pacific/Niue', '2026-06-01T09:00', '2026-06-01T20:00:00.000Z'],
  ]
  for (const [zone, text, expected] of cases) assert.equal(at(text, zone), expected, `${text} ${zone}`)
})

test('Today is the day of the user, not of UTC', () => {
  assert.equal(at('today', 'Pacific/Auckland', '2026-12-31T12:00:00Z'), '2027-01-01')
  assert.equal(at('today', 'America/Los_Angeles', '2027-01-01T07:59:00Z'), '2026-12-31')
  assert.equal(at('eoy', 'Pacific/Auckland', '2026-12-31T12:00:00Z'), '2027-12-31')
  assert.equal(at('tomorrow', 'Pacific/Kiritimati', '2026-02-27T11:00:00Z'), '2026-03-01')
})

test('Days keep the wall time over a change of clocks and hours keep the elapsed time', () => {
  const now = '2026-03-28T12:00:00Z'
  assert.equal(at('now+1d', 'Europe/Berlin', now), '2026-03-29T11:00:00.000Z')
  assert.equal(at('now+24h', 'Europe/Berlin', now), '2026-03-29T12:00:00.000Z')
  assert.equal(at('eod+3h', 'Europe/Berlin', now), '2026-03-29T02:00:00.000Z')
})

const zones = [
  'UTC',
  'Europe/Berlin',
  'America/St_Johns',
  'Australia/Lord_Howe',
  'Africa/Casablanca',
  'Asia/Beirut',
]
const zone = fc.constantFrom(
  ...zones,
  'America/Sao_Paulo',
  'Pacific/Apia',
  'Pacific/Chatham',
  'Asia/Kathmandu',
)
const second = fc.integer({ min: Date.UTC(1972, 0, 1) / 1000, max: Date.UTC(2060, 0, 1) / 1000 })

test('Wall time and instant are each other’s way back, save for the second copy in an overlap', () => {
  fc.assert(
    fc.property(zone, second, (timeZone, seconds) => {
      const instant = seconds * 1000
      const wall = wallAt(instant, timeZone)
      const first = instantOf(wall, timeZone)
      assert.deepEqual(wallAt(first, timeZone), wall)
      assert.ok(first <= instant && instant - first <= 2 * 3_600_000)
    }),
    { numRuns: 2_000 },
  )
})

test('Every wall time has an instant, and later wall times never come earlier', () => {
  const minute = fc.integer({ min: Date.UTC(2005, 0, 1) / 60_000, max: Date.UTC(2040, 0, 1) / 60_000 })
  const wallOf = (minutes: number) => ({ day: Math.floor(minutes / 1440), ms: (minutes % 1440) * 60_000 })
  fc.assert(
    fc.property(zone, minute, fc.integer({ min: 1, max: 180 }), (timeZone, minutes, more) => {
      const early = instantOf(wallOf(minutes), timeZone)
      const late = instantOf(wallOf(minutes + more), timeZone)
      assert.ok(early <= late)
      const shown = wallAt(early, timeZone)
      assert.ok(shown.day * 1440 + shown.ms / 60_000 >= minutes)
    }),
    { numRuns: 2_000 },
  )
})

test('A local time is written with the offset that holds then, half hours and negative ones too', () => {
  assert.equal(localIso('2026-11-27T16:00:00.000Z', 'Europe/Berlin'), '2026-11-27T17:00:00+01:00')
  assert.equal(localIso('2026-07-01T16:00:00.000Z', 'America/St_Johns'), '2026-07-01T13:30:00-02:30')
  assert.equal(localIso('2026-07-01T16:00:00.000Z', 'UTC'), '2026-07-01T16:00:00+00:00')
})

test('A zone that does not exist is refused by name', () => {
  assert.throws(() => at('today', 'Mars/Olympus'), /"Mars\/Olympus" is not a time zone/)
})

test('The zone of the process, read from Date, is the same as by its name', () => {
  const here = zoneName(localZone)
  for (
    let seconds = Date.UTC(1975, 0, 1) / 1000;
    seconds < Date.UTC(2050, 0, 1) / 1000;
    seconds += 1_234_567
  ) {
    assert.deepEqual(wallAt(seconds * 1000, localZone), wallAt(seconds * 1000, here))
    assert.equal(localIso(new Date(seconds * 1000), localZone), localIso(new Date(seconds * 1000), here))
  }
})

test('The zone of the process resolves gaps and overlaps as a named one does', () => {
  const script = `
    import { instantOf, localZone } from ${JSON.stringify(new URL('zone.ts', import.meta.url).href)}
    const day = (text) => Date.parse(text) / 86400000
    const at = (text, ms) => new Date(instantOf({ day: day(text), ms }, localZone)).toISOString()
    console.log(at('2026-03-29', 9000000), at('2026-10-25', 9000000))`
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    env: inheritedEnvironment({ TZ: 'Europe/Berlin' }),
    encoding: 'utf8',
  })
  assert.equal(run.stdout, '2026-03-29T01:00:00.000Z 2026-10-25T00:30:00.000Z\n', run.stderr)
})
