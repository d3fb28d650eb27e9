import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MINUTES_PER_DAY, parseLocal } from './civil.ts'
import { resolveWall } from './wall-time.ts'
import { zoneOf } from './zone.ts'

function resolve(zone: string, local: string): string | null {
  const { day, minute } = parseLocal(local)!
  const resolved = resolveWall(zoneOf(zone)!, day * MINUTES_PER_DAY + minute!)
  return resolved === null ? null : `${new Date(resolved.at).toISOString().slice(0, 19)} ${resolved.how}`
}

const CASES: [title: string, zone: string, local: string, expected: string | null][] = [
  ['an ordinary minute', 'Europe/Berlin', '2026-07-01T08:00', '2026-07-01T06:00:00 exact'],
  ['the last minute before a gap', 'Europe/Berlin', '2026-03-29T01:59', '2026-03-29T00:59:00 exact'],
  [
    'the first minute of a gap is moved to its end',
    'Europe/Berlin',
    '2026-03-29T02:00',
    '2026-03-29T01:00:00 gap',
  ],
  [
    'the last minute of a gap is moved to its end',
    'Europe/Berlin',
    '2026-03-29T02:59',
    '2026-03-29T01:00:00 gap',
  ],
  ['the first minute after a gap', 'Europe/Berlin', '2026-03-29T03:00', '2026-03-29T01:00:00 exact'],
  ['the first minute of an overlap', 'Europe/Berlin', '2026-10-25T02:00', '2026-10-25T00:00:00 first'],
  ['the last minute of an overlap', 'Europe/Berlin', '2026-10-25T02:59', '2026-10-25T00:59:00 first'],
  ['the first minute after an overlap', 'Europe/Berlin', '2026-10-25T03:00', '2026-10-25T02:00:00 exact'],
  ['a change of half an hour, gap', 'Australia/Lord_Howe', '2026-10-04T02:15', '2026-10-03T15:30:00 gap'],
  ['after a change of half an hour', 'Australia/Lord_Howe', '2026-10-04T02:30', '2026-10-03T15:30:00 exact'],
  [
    'a change of half an hour, overlap',
    'Australia/Lord_Howe',
    '2026-04-05T01:45',
    '2026-04-04T14:45:00 first',
  ],
  ['a change of two hours, gap', 'Antarctica/Troll', '2026-03-29T02:30', '2026-03-29T01:00:00 gap'],
  ['a gap at midnight', 'America/Sao_Paulo', '2018-11-04T00:00', '2018-11-04T03:00:00 gap'],
  [
    'a gap that ends at midnight moves to the next date',
    'America/Nuuk',
    '2024-03-30T23:30',
    '2024-03-31T01:00:00 gap',
  ],
  ['an overlap that begins at midnight', 'America/Havana', '2026-11-01T00:30', '2026-11-01T04:30:00 first'],
  ['a date that the zone leaves out, first minute', 'Pacific/Apia', '2011-12-30T00:00', null],
  ['a date that the zone leaves out, last minute', 'Pacific/Apia', '2011-12-30T23:59', null],
  ['the minute before the date left out', 'Pacific/Apia', '2011-12-29T23:59', '2011-12-30T09:59:00 exact'],
  ['the minute after the date left out', 'Pacific/Apia', '2011-12-31T00:00', '2011-12-30T10:00:00 exact'],
  ['another date left out', 'Pacific/Kwajalein', '1993-08-21T12:00', null],
  ['standard time moved forward for good', 'Asia/Pyongyang', '2018-05-04T23:45', '2018-05-04T15:00:00 gap'],
  [
    'a gap of 44 minutes and 30 seconds ends on a full minute',
    'Africa/Monrovia',
    '1972-01-07T00:10',
    '1972-01-07T00:45:00 gap',
  ],
]

for (const [title, zone, local, expected] of CASES) {
  test(`${title}: ${local} in ${zone}`, () => assert.equal(resolve(zone, local), expected))
}
