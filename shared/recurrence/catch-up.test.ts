import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  afterCompletion,
  catchUp,
  exdateOf,
  latestOccurrence,
  nextOccurrence,
  type Occurrence,
  parseRule,
  type RuleFields,
} from '../recurrence.ts'

function rule(fields: Partial<RuleFields>) {
  return parseRule({
    recurrence_pattern: 'daily',
    time_zone: 'Europe/Berlin',
    start: '2026-05-01T08:00',
    ...fields,
  } as RuleFields)
}

const locals = (found: readonly Occurrence[]) => found.map(({ local }) => local)
const after = '2026-05-01T06:00:00Z'
const now = '2026-05-05T12:00:00Z'

test('latest makes only the newest missed one and counts the others', () => {
  const { due, missed, next } = catchUp(rule({}), { after, now, policy: 'latest' })
  assert.deepEqual(locals(due), ['2026-05-05T08:00'])
  assert.equal(missed, 3)
  assert.equal(next?.local, '2026-05-06T08:00')
})

test('all makes every missed one, oldest first, up to the cap', () => {
  assert.deepEqual(locals(catchUp(rule({}), { after, now, policy: 'all' }).due), [
    '2026-05-02T08:00',
    '2026-05-03T08:00',
    '2026-05-04T08:00',
    '2026-05-05T08:00',
  ])
  const capped = catchUp(rule({}), { after, now, policy: 'all', cap: 2 })
  assert.deepEqual(locals(capped.due), ['2026-05-02T08:00', '2026-05-03T08:00'])
  assert.equal(capped.missed, 2)
  assert.equal(capped.next?.local, '2026-05-06T08:00')
})

test('none makes no missed one, but one that is on time is not missed', () => {
  assert.deepEqual(catchUp(rule({}), { after, now, policy: 'none' }).due, [])
  const onTime = catchUp(rule({}), { after, now: '2026-05-05T06:00:00.300Z', policy: 'none' })
  assert.deepEqual(locals(onTime.due), ['2026-05-05T08:00'])
  assert.equal(onTime.missed, 3)
})

test('nothing due gives nothing', () => {
  const { due, missed, next } = catchUp(rule({}), { after, now: '2026-05-01T07:00:00Z', policy: 'all' })
  assert.deepEqual([due, missed, next?.local], [[], 0, '2026-05-02T08:00'])
})

test('a century of missed minutes is caught up without walking through them', () => {
  const everyMinute = rule({
    recurrence_pattern: 'custom',
    cron_expression: '* * * * *',
    start: '1930-01-01',
  })
  const { due, missed, next } = catchUp(everyMinute, { after: '1930-01-01T00:00:00Z', now, policy: 'latest' })
  assert.deepEqual(locals(due), ['2026-05-05T14:00'])
  assert.equal(missed, 1000)
  assert.equal(next?.local, '2026-05-05T14:01')
})

test('count by generated instances ends the rule after the last one is made', () => {
  const { due, next } = catchUp(rule({ count: 3 }), { after, now, policy: 'all', generated: 1 })
  assert.equal(due.length, 2)
  assert.equal(next, null)
})

test('what a downtime passes over does not use up a count of generated instances', () => {
  const five = rule({ count: 5 })
  const { due, missed, next } = catchUp(five, {
    after: 0,
    now: '2026-05-20T12:00:00Z',
    policy: 'latest',
    generated: 0,
  })
  assert.deepEqual(locals(due), ['2026-05-20T08:00'])
  assert.deepEqual([missed, next?.local], [19, '2026-05-21T08:00'])
  // Counted from the start, as in RFC 5545, the fifth is the last.
  const rfc = catchUp(five, { after: 0, now: '2026-05-20T12:00:00Z', policy: 'latest' })
  assert.deepEqual([locals(rfc.due), rfc.missed, rfc.next], [['2026-05-05T08:00'], 4, null])
  const used = catchUp(five, { after, now, policy: 'latest', generated: 5 })
  assert.deepEqual([used.due, used.next], [[], null])
})

test('the latest occurrence respects until, count and exdates', () => {
  const latest = (fields: Partial<RuleFields>) => latestOccurrence(rule(fields), after, now)?.local ?? null
  assert.equal(latest({}), '2026-05-05T08:00')
  assert.equal(latest({ until: '2026-05-03' }), '2026-05-03T08:00')
  assert.equal(latest({ until: '2026-05-03T05:00:00Z' }), '2026-05-02T08:00')
  assert.equal(latest({ count: 2 }), '2026-05-02T08:00')
  assert.equal(
    latest({ exdates: ['2026-05-05', '2026-05-04T08:00', '2026-05-03T06:00:00Z'] }),
    '2026-05-02T08:00',
  )
  assert.equal(latest({ until: '2026-05-01' }), null)
})

test('searching backwards crosses clock changes as searching forwards does', () => {
  const cron = (cron_expression: string) =>
    rule({ recurrence_pattern: 'custom', cron_expression, start: null })
  // Ten past two, the second time: half past two was the first time round.
  assert.equal(
    latestOccurrence(cron('30 2 * * *'), 0, '2026-10-25T01:10:00Z')?.at,
    '2026-10-25T00:30:00.000Z',
  )
  assert.equal(
    latestOccurrence(cron('*/55 1 * * *'), 0, '2026-03-29T01:30:00Z')?.at,
    '2026-03-29T00:55:00.000Z',
  )
  assert.equal(latestOccurrence(cron('*/20 2 * * *'), 0, '2026-03-29T01:30:00Z')?.local, '2026-03-28T02:40')
})

test('skipping writes an exdate that leaves out exactly one occurrence', () => {
  for (const fields of [
    {},
    { start: '2026-05-01' },
    { recurrence_pattern: 'custom', cron_expression: '0 * * * *', start: null },
  ] as const) {
    // In the autumn hour that is repeated, where a wall time alone would leave out two.
    const base = '2026-10-24T23:30:00Z'
    const first = nextOccurrence(rule(fields), base)!
    const second = nextOccurrence(rule(fields), first.instant)!
    const skipped = rule({ ...fields, exdates: [exdateOf(rule(fields), first)] })
    assert.equal(nextOccurrence(skipped, base)?.instant, second.instant)
  }
})

test('after completion counts from the local date of the completion at the wall time of the template', () => {
  const next = (fields: Partial<RuleFields>, completed: string) => {
    const found = afterCompletion(rule({ anchor: 'completion', ...fields }), completed)
    return found === null ? null : [found.local, ...found.notes].join(' ')
  }
  assert.equal(next({ interval: 3 }, '2026-05-10T10:00:00Z'), '2026-05-13T08:00')
  // 23:30 UTC is already the next day in Berlin.
  assert.equal(next({ interval: 3 }, '2026-05-10T23:30:00Z'), '2026-05-14T08:00')
  assert.equal(next({ interval: 3, start: '2026-05-01' }, '2026-05-10T23:30:00Z'), '2026-05-14')
  assert.equal(next({ recurrence_pattern: 'weekly' }, '2026-05-10T10:00:00Z'), '2026-05-17T08:00')
  assert.equal(next({ recurrence_pattern: 'monthly' }, '2026-01-31T10:00:00Z'), '2026-02-28T08:00 clamped')
  assert.equal(
    next({ recurrence_pattern: 'monthly', start: '2026-01-31' }, '2026-02-15T10:00:00Z'),
    '2026-03-15',
  )
  assert.equal(
    next({ recurrence_pattern: 'monthly', month_day_policy: 'skip' }, '2026-01-31T10:00:00Z'),
    '2026-03-31T08:00',
  )
  assert.equal(next({ recurrence_pattern: 'yearly' }, '2024-02-29T10:00:00Z'), '2025-02-28T08:00 clamped')
  assert.equal(next({ until: '2026-05-10' }, '2026-05-10T10:00:00Z'), null)
  assert.equal(next({ exdates: ['2026-05-11'] }, '2026-05-10T10:00:00Z'), '2026-05-12T08:00')
})

test('after completion is after the completion, even where midnight comes twice', () => {
  // Clocks went from 00:01 back to 23:01: midnight has been when 23:30 comes for the second time.
  const daily = rule({ anchor: 'completion', start: '2010-11-01T00:00', time_zone: 'America/St_Johns' })
  assert.equal(afterCompletion(daily, '2010-11-07T03:00:00Z')?.at, '2010-11-08T03:30:00.000Z')
})

test('after completion of a rule on certain days is its first date after the completion', () => {
  const weekdays = rule({
    recurrence_pattern: 'custom',
    rrule: 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR',
    anchor: 'completion',
  })
  // Friday 15 May at noon, and early on a Monday before the rule's own time.
  assert.equal(afterCompletion(weekdays, '2026-05-15T10:00:00Z')?.local, '2026-05-18T08:00')
  assert.equal(afterCompletion(weekdays, '2026-05-18T04:00:00Z')?.local, '2026-05-19T08:00')
})
