import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { QuietHours } from '../shared/api/preferences.ts'
import { nextTimeOf, quietUntil } from './quiet.ts'

const night: QuietHours = { from: '22:00', to: '07:00' }

/** When the quiet hours at `now` end, as ISO text in UTC. */
const until = (quiet: QuietHours | null, zone: string, now: string) =>
  quietUntil(quiet, zone, new Date(now))?.toISOString() ?? null

test('without quiet hours it is never quiet', () => {
  assert.equal(until(null, 'Europe/Berlin', '2026-11-21T23:00:00Z'), null)
})

test('a night over midnight is quiet on both sides of it, and ends in the morning of its place', () => {
  // Berlin is an hour ahead of UTC in winter.
  assert.equal(until(night, 'Europe/Berlin', '2026-11-21T20:59:59Z'), null)
  assert.equal(until(night, 'Europe/Berlin', '2026-11-21T21:00:00Z'), '2026-11-22T06:00:00.000Z')
  assert.equal(until(night, 'Europe/Berlin', '2026-11-22T02:00:00Z'), '2026-11-22T06:00:00.000Z')
  assert.equal(until(night, 'Europe/Berlin', '2026-11-22T05:59:59Z'), '2026-11-22T06:00:00.000Z')
  assert.equal(until(night, 'Europe/Berlin', '2026-11-22T06:00:00Z'), null)
})

test('hours within one day are quiet in between only', () => {
  const siesta: QuietHours = { from: '13:00', to: '15:30' }
  assert.equal(until(siesta, 'Europe/Madrid', '2026-07-01T10:59:00Z'), null)
  assert.equal(until(siesta, 'Europe/Madrid', '2026-07-01T11:00:00Z'), '2026-07-01T13:30:00.000Z')
  assert.equal(until(siesta, 'Europe/Madrid', '2026-07-01T13:30:00Z'), null)
})

test('days are those on which the hours begin, so that a Friday night reaches into Saturday', () => {
  const weekNights: QuietHours = { ...night, days: ['fri'] }
  // 2026-11-20 is a Friday.
  assert.equal(until(weekNights, 'UTC', '2026-11-19T23:00:00Z'), null)
  assert.equal(until(weekNights, 'UTC', '2026-11-20T06:00:00Z'), null)
  assert.equal(until(weekNights, 'UTC', '2026-11-20T22:30:00Z'), '2026-11-21T07:00:00.000Z')
  assert.equal(until(weekNights, 'UTC', '2026-11-21T06:00:00Z'), '2026-11-21T07:00:00.000Z')
  assert.equal(until(weekNights, 'UTC', '2026-11-21T22:30:00Z'), null)
})

test('a day may be a number: 1 is Monday, 0 and 7 are Sunday', () => {
  const at = '2026-11-22T23:00:00Z'
  for (const day of [0, 7, 'sun'] as const) {
    assert.equal(until({ ...night, days: [day] }, 'UTC', at), '2026-11-23T07:00:00.000Z')
  }
  assert.equal(until({ ...night, days: [1] }, 'UTC', at), null)
})

test('a night in which clocks are set forward is an hour shorter and ends at the same time of day', () => {
  // New York, 8 March 2026: 02:00 becomes 03:00. 07:00 is 11:00 UTC from then on.
  assert.equal(until(night, 'America/New_York', '2026-03-08T03:00:00Z'), '2026-03-08T11:00:00.000Z')
})

test('an end that the clocks skip is the first instant after the gap', () => {
  const early: QuietHours = { from: '22:00', to: '02:30' }
  assert.equal(until(early, 'America/New_York', '2026-03-08T06:59:59Z'), '2026-03-08T07:00:00.000Z')
  assert.equal(until(early, 'America/New_York', '2026-03-08T07:00:00Z'), null)
})

test('an end that the clocks show twice is the second one, and it is quiet without a break until then', () => {
  // New York, 1 November 2026: 02:00 becomes 01:00 again. 01:30 is 05:30 and 06:30 UTC.
  const early: QuietHours = { from: '22:00', to: '01:30' }
  for (const now of ['2026-11-01T05:29:00Z', '2026-11-01T05:31:00Z', '2026-11-01T06:10:00Z']) {
    assert.equal(until(early, 'America/New_York', now), '2026-11-01T06:30:00.000Z', now)
  }
  assert.equal(until(early, 'America/New_York', '2026-11-01T06:30:00Z'), null)
})

test('a beginning that the clocks show twice is the first one', () => {
  const late: QuietHours = { from: '01:30', to: '05:00' }
  assert.equal(until(late, 'America/New_York', '2026-11-01T05:29:00Z'), null)
  assert.equal(until(late, 'America/New_York', '2026-11-01T05:30:00Z'), '2026-11-01T10:00:00.000Z')
  assert.equal(until(late, 'America/New_York', '2026-11-01T06:10:00Z'), '2026-11-01T10:00:00.000Z')
})

test('half an hour of daylight saving and odd offsets are right', () => {
  assert.equal(until(night, 'Australia/Lord_Howe', '2026-04-04T12:00:00Z'), '2026-04-04T20:30:00.000Z')
  assert.equal(until(night, 'Asia/Kathmandu', '2026-11-21T17:00:00Z'), '2026-11-22T01:15:00.000Z')
})

test('a zone that is not known counts as UTC', () => {
  assert.equal(until(night, 'Nowhere/At_All', '2026-11-21T23:00:00Z'), '2026-11-22T07:00:00.000Z')
})

test('at no minute of a year do quiet hours end in the past or last longer than they should', () => {
  for (const zone of ['America/New_York', 'Australia/Lord_Howe', 'Africa/Casablanca', 'America/Santiago']) {
    for (let at = Date.UTC(2026, 0, 1); at < Date.UTC(2027, 0, 1); at += 37 * 60_000) {
      const end = quietUntil(night, zone, new Date(at))
      if (end === null) continue
      assert.ok(
        end.getTime() > at && end.getTime() - at <= 10 * 3_600_000,
        `${zone} ${new Date(at).toISOString()}`,
      )
      assert.equal(quietUntil(night, zone, end), null)
    }
  }
})

const next = (at: string, zone: string, now: string) => nextTimeOf(at, zone, new Date(now)).toISOString()

test('the next time of day is today or tomorrow there, strictly later', () => {
  assert.equal(next('08:00', 'Europe/Berlin', '2026-11-21T06:59:00Z'), '2026-11-21T07:00:00.000Z')
  assert.equal(next('08:00', 'Europe/Berlin', '2026-11-21T07:00:00Z'), '2026-11-22T07:00:00.000Z')
  assert.equal(next('00:00', 'Pacific/Kiritimati', '2026-11-21T09:00:00Z'), '2026-11-21T10:00:00.000Z')
})

test('a time of day that the clocks skip comes after the gap, one that comes twice comes once', () => {
  assert.equal(next('02:30', 'America/New_York', '2026-03-08T05:00:00Z'), '2026-03-08T07:00:00.000Z')
  assert.equal(next('01:30', 'America/New_York', '2026-11-01T05:00:00Z'), '2026-11-01T05:30:00.000Z')
  assert.equal(next('01:30', 'America/New_York', '2026-11-01T05:30:00Z'), '2026-11-02T06:30:00.000Z')
})
