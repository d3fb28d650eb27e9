import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY_MS } from './civil.ts'
import { zoneOf } from './zone.ts'

const ZONES =
  'Europe/Berlin America/New_York Australia/Lord_Howe Pacific/Apia Africa/Casablanca Asia/Gaza America/Nuuk Antarctica/Troll Asia/Tehran America/Havana'.split(
    ' ',
  )

/** The Swedish form of a date is the ISO form. */
function offsetByIntl(format: Intl.DateTimeFormat, instant: number): number {
  return Date.parse(`${format.format(instant).replace(' ', 'T')}Z`) - instant
}

test('the offset is the one of Intl on every day from 1970 to 2050, so no change of a zone is missed', () => {
  for (const name of ZONES) {
    const zone = zoneOf(name)!
    const format = new Intl.DateTimeFormat('sv-SE', {
      timeZone: name,
      dateStyle: 'short',
      timeStyle: 'medium',
    })
    for (let at = Date.UTC(1970, 0, 1); at < Date.UTC(2050, 0, 1); at += DAY_MS) {
      assert.equal(zone.offsetAt(at), offsetByIntl(format, at), `${name} ${new Date(at).toISOString()}`)
    }
  }
})

test('a change is found to the second', () => {
  const [change, ...more] = zoneOf('Europe/Berlin')!.changes(Date.UTC(2026, 2, 1), Date.UTC(2026, 3, 1))
  assert.deepEqual(change, { at: Date.UTC(2026, 2, 29, 1), before: 3_600_000, after: 7_200_000 })
  assert.equal(more.length, 0)
})

test('a change belongs to the span that ends on it, not to the one that begins there', () => {
  const zone = zoneOf('Europe/Berlin')!
  const at = Date.UTC(2026, 2, 29, 1)
  assert.equal(zone.changes(at - 1, at).length, 1)
  assert.equal(zone.changes(at, at + 1).length, 0)
  assert.equal(zone.offsetAt(at - 1), 3_600_000)
  assert.equal(zone.offsetAt(at), 7_200_000)
})

test('offsets with seconds are kept (Monrovia until 1972)', () => {
  assert.equal(zoneOf('Africa/Monrovia')!.offsetAt(Date.UTC(1971, 0, 1)), -(44 * 60 + 30) * 1000)
})

test('links and any case of letters name a zone, offsets and nonsense do not', () => {
  for (const name of ['US/Pacific', 'europe/berlin', 'UTC', 'Etc/GMT+5']) assert.ok(zoneOf(name), name)
  for (const name of [
    '+02:00',
    '-0500',
    'GMT+2',
    'Mars/Olympus',
    '',
    ' UTC',
    'Europe/Berlin\n',
    'A'.repeat(100_000),
  ]) {
    assert.equal(zoneOf(name), null, name.slice(0, 20))
  }
})
