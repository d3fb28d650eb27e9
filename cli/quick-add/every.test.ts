import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseQuickAdd } from '../quick-add.ts'

const context = { now: new Date('2026-11-21T09:00:00Z'), timeZone: 'UTC', dialect: 'todo' as const }
const split = (line: string) => {
  const { title, every } = parseQuickAdd([line], context)
  return every === undefined ? [title] : [title, every]
}

test('A rule is taken as far as it goes and the rest stays title', () => {
  const lines: Record<string, string[]> = {
    'pay rent every month': ['pay rent', 'month'],
    'pay rent every 1st +x': ['pay rent', '1st'],
    'every 2 weeks on mon clean': ['clean', '2 weeks on mon'],
    'water every 3 days at 9 in the garden': ['water in the garden', '3 days at 9'],
    'run every fri in the park': ['run in the park', 'fri'],
    'run every mon, wed and fri 7:00 with Ann': ['run with Ann', 'mon, wed and fri 7:00'],
    'run every mon,wed,fri': ['run', 'mon,wed,fri'],
    'run every tuesdays and thursdays at 7am': ['run', 'tuesdays and thursdays at 7am'],
    'report every last friday of the month': ['report', 'last friday of the month'],
    'report every last day of month at noon': ['report', 'last day of month at noon'],
    'report every first monday of each month': ['report', 'first monday of each month'],
    'tax every 15th of march': ['tax', '15th of march'],
    'tax every march 3': ['tax', 'march 3'],
    'tax every 1st and 15th': ['tax', '1st and 15th'],
    'call every other week': ['call', 'other week'],
    'call every workday until 2027-03-01': ['call', 'workday until 2027-03-01'],
    'call every day for 5 times': ['call', 'day for 5 times'],
    'call every week from next monday': ['call', 'week from next monday'],
    'call every 2w': ['call', '2w'],
    'eat every day 3 apples': ['eat 3 apples', 'day'],
    'x every day may be': ['x may be', 'day'],
    'x every week sat down': ['x sat down', 'week'],
    'mow every! 3 days': ['mow', 'every! 3 days'],
    'mow every:2 weeks': ['mow', '2 weeks'],
    'mow recur:weekly due:mon': ['mow', 'weekly'],
    'mow every:mon,thu grass': ['mow grass', 'mon,thu'],
  }
  for (const [line, expected] of Object.entries(lines)) assert.deepEqual(split(line), expected, line)
})

test('every in front of what cannot start a rule is title', () => {
  for (const line of [
    'thank every one of them',
    'every vote counts',
    'check every 3 boxes',
    'every',
    'every at 9',
    'every!',
  ])
    assert.deepEqual(split(line), [line])
})
