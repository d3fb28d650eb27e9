import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { AppError } from '../errors.ts'
import { occurrences, parseRule } from '../recurrence.ts'
import { MAX_CRON_LENGTH } from './cron.ts'

function rule(cron_expression: string) {
  return parseRule({ recurrence_pattern: 'custom', cron_expression, time_zone: 'UTC' })
}

function next(expression: string, limit = 3): string[] {
  return occurrences(rule(expression), { after: '2026-11-01T00:00:00Z', limit }).map(({ local }) => local)
}

function refusal(expression: string): AppError {
  try {
    rule(expression)
  } catch (error) {
    assert.ok(error instanceof AppError, String(error))
    assert.equal(error.code, 'invalid')
    for (const { pointer } of error.fields) assert.equal(pointer, '/cron_expression')
    return error
  }
  throw new assert.AssertionError({ message: `"${expression}" was accepted` })
}

describe('what the dialect accepts', () => {
  const cases: [expression: string, expected: string[]][] = [
    ['30 9 * * *', ['2026-11-01T09:30', '2026-11-02T09:30', '2026-11-03T09:30']],
    ['\t 00  09\t* * *  ', ['2026-11-01T09:00', '2026-11-02T09:00', '2026-11-03T09:00']],
    ['0 9 ? * ?', ['2026-11-01T09:00', '2026-11-02T09:00', '2026-11-03T09:00']],
    ['0 0 * Jan,mAr-MAY *', ['2027-01-01T00:00', '2027-01-02T00:00', '2027-01-03T00:00']],
    ['0 0 * * mon-WED', ['2026-11-02T00:00', '2026-11-03T00:00', '2026-11-04T00:00']],
    ['0 0 * * 0', ['2026-11-08T00:00', '2026-11-15T00:00', '2026-11-22T00:00']],
    ['0 0 * * 7', ['2026-11-08T00:00', '2026-11-15T00:00', '2026-11-22T00:00']],
    ['0 0 * * 5-7', ['2026-11-06T00:00', '2026-11-07T00:00', '2026-11-08T00:00']],
    ['0 0 * * FRI-SUN', ['2026-11-06T00:00', '2026-11-07T00:00', '2026-11-08T00:00']],
    ['0 0 * * 0-6/3', ['2026-11-04T00:00', '2026-11-07T00:00', '2026-11-08T00:00']],
    ['*/35 * * * *', ['2026-11-01T00:35', '2026-11-01T01:00', '2026-11-01T01:35']],
    ['0 */23 * * *', ['2026-11-01T23:00', '2026-11-02T00:00', '2026-11-02T23:00']],
    ['*/60 * * * *', ['2026-11-01T01:00', '2026-11-01T02:00', '2026-11-01T03:00']],
    ['10-30/10 5 * * *', ['2026-11-01T05:10', '2026-11-01T05:20', '2026-11-01T05:30']],
    ['0 0 L * *', ['2026-11-30T00:00', '2026-12-31T00:00', '2027-01-31T00:00']],
    ['0 0 15,L 2 *', ['2027-02-15T00:00', '2027-02-28T00:00', '2028-02-15T00:00']],
    ['0 0 * * 5L', ['2026-11-27T00:00', '2026-12-25T00:00', '2027-01-29T00:00']],
    ['0 0 * * friL', ['2026-11-27T00:00', '2026-12-25T00:00', '2027-01-29T00:00']],
    ['0 0 * * 7L', ['2026-11-29T00:00', '2026-12-27T00:00', '2027-01-31T00:00']],
    ['0 0 * * TUE#2', ['2026-11-10T00:00', '2026-12-08T00:00', '2027-01-12T00:00']],
    ['0 0 * * MON#1,FRI#3', ['2026-11-02T00:00', '2026-11-20T00:00', '2026-12-07T00:00']],
    ['0 0 * * MON#5', ['2026-11-30T00:00', '2027-03-29T00:00', '2027-05-31T00:00']],
    ['0 0 13 * FRI', ['2026-11-06T00:00', '2026-11-13T00:00', '2026-11-20T00:00']],
    ['0 0 31 2 MON', ['2027-02-01T00:00', '2027-02-08T00:00', '2027-02-15T00:00']],
    ['0 0 */1 * MON', ['2026-11-02T00:00', '2026-11-09T00:00', '2026-11-16T00:00']],
    ['0 0 31 * *', ['2026-12-31T00:00', '2027-01-31T00:00', '2027-03-31T00:00']],
    ['0 0 29 2 *', ['2028-02-29T00:00', '2032-02-29T00:00', '2036-02-29T00:00']],
    ['5,5,5-6 4 * * *', ['2026-11-01T04:05', '2026-11-01T04:06', '2026-11-02T04:05']],
  ]
  for (const [expression, expected] of cases) {
    test(JSON.stringify(expression), () => assert.deepEqual(next(expression), expected))
  }

  const macros: [macro: string, same: string][] = [
    ['@yearly', '0 0 1 1 *'],
    ['@annually', '0 0 1 1 *'],
    ['@monthly', '0 0 1 * *'],
    ['@weekly', '0 0 * * 0'],
    ['@daily', '0 0 * * *'],
    ['@Midnight', '0 0 * * *'],
    ['@HOURLY', '0 * * * *'],
  ]
  for (const [macro, same] of macros)
    test(`${macro} is ${same}`, () => assert.deepEqual(next(macro), next(same)))
})

describe('what it refuses, with the field and the right form', () => {
  const cases: [expression: string, code: string, message: RegExp, hint: RegExp][] = [
    ['', 'required', /empty/, /0 8 \* \* MON-FRI/],
    ['* * * *', 'cron_fields', /five fields.*has 4/, /Write for example/],
    ['0 0 9 * * *', 'cron_fields', /has 6/, /^Write 0 9 \* \* \* \(/],
    ['*/10 * * * * *', 'cron_fields', /has 6/, /no seconds/],
    ['0 9 * * * 2027', 'cron_fields', /has 6/, /^Write 0 9 \* \* \* and limit the years/],
    ['0 0 9 * * ? *', 'cron_fields', /has 7/, /^Write 0 9 \* \* \? \(/],
    ['60 9 * * *', 'cron_minute', /Field 1 \(minute\), "60": 60 is outside 0–59/, /minute/],
    ['0 24 * * *', 'cron_hour', /Field 2 \(hour\)/, /hour/],
    ['0 0 0 * *', 'cron_day_of_month', /outside 1–31/, /day of month/],
    ['0 0 * 13 *', 'cron_month', /outside 1–12 or JAN–DEC/, /month/],
    ['0 0 * * 8', 'cron_day_of_week', /outside 0–7 or SUN–SAT/, /day of week/],
    ['0 0 * * FOO', 'cron_day_of_week', /"FOO" is not one of/, /MON/],
    ['0 0 * MON *', 'cron_month', /"MON" is not one of 1–12 or JAN–DEC/, /FEB/],
    ['0 9 * * fri-mon', 'cron_day_of_week', /backwards/, /^Write 0 9 \* \* FRI-SAT,SUN-MON$/],
    ['0 22-2 * * *', 'cron_hour', /backwards/, /^Write 0 22-23,0-2 \* \* \*$/],
    ['0 22-4/2 * * *', 'cron_hour', /backwards/, /^Write 0 0,2,4,22 \* \* \*$/],
    ['0 0 * nov-feb *', 'cron_month', /backwards/, /^Write 0 0 \* NOV-DEC,JAN-FEB \*$/],
    ['5/15 * * * *', 'cron_minute', /a step needs a range/, /^Write 5-59\/15 \* \* \* \*$/],
    ['*/61 * * * *', 'cron_minute', /larger than the field/, /INTERVAL/],
    ['0 */25 * * *', 'cron_hour', /larger than the field/, /INTERVAL/],
    ['*/0 * * * *', 'cron_minute', /no positive number/, /minute/],
    ['1,,2 * * * *', 'cron_minute', /between two commas/, /^Write 1,2 \* \* \* \*$/],
    ['1-2-3 * * * *', 'cron_minute', /cannot be read/, /minute/],
    ['-5 * * * *', 'cron_minute', /cannot be read/, /minute/],
    ['0 0 15W * *', 'cron_day_of_month', /nearest weekday/, /BYMONTHDAY/],
    ['0 0 LW * *', 'cron_day_of_month', /nearest weekday/, /BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1/],
    ['0 0 L-3 * *', 'cron_day_of_month', /before the last/, /BYMONTHDAY=-4/],
    ['0 0 * * L', 'cron_day_of_week', /needs a weekday/, /^Write 0 0 \* \* 6L$/],
    ['0 0 * * 5#6', 'cron_day_of_week', /no 6\. 5/, /^Write 0 0 \* \* 5L$/],
    ['0 0 * * 5#1,1', 'cron_day_of_week', /cannot be mixed/, /BYDAY=1FR,MO/],
    ['0 0 */2 * MON', 'cron_day_of_month', /two ways/, /^Write 0 0 1-31\/2 \* MON when either/],
    ['0 0 13 * */2', 'cron_day_of_week', /two ways/, /^Write 0 0 13 \* 0-6\/2 when either/],
    ['H H * * *', 'cron_minute', /random/, /Name a value/],
    ['0~30 * * * *', 'cron_minute', /random/, /Name a value/],
    ['@reboot', 'cron_macro', /not a macro/, /start-up/],
    ['@every 15m', 'cron_macro', /not a macro/, /^Write \*\/15 \* \* \* \*$/],
    ['@every 2h', 'cron_macro', /not a macro/, /^Write 0 \*\/2 \* \* \*$/],
    ['@every 1h30m', 'cron_macro', /not a macro/, /FREQ=MINUTELY;INTERVAL=90/],
    ['@weekdays', 'cron_macro', /not a macro/, /^Write 0 0 \* \* MON-FRI$/],
    ['@fortnightly', 'cron_macro', /not a macro/, /@weekly/],
    ['TZ=Europe/Berlin 0 0 * * *', 'cron_zone', /time zone/, /time_zone/],
    ['0 0 30 2 *', 'never_occurs', /never occurs/, /last day/],
    ['0 0 31 4,6,9,11 *', 'never_occurs', /never occurs/, /last day/],
    ['１ * * * *', 'cron_minute', /is not one of/, /minute/],
    ['0 0\n* * *', 'cron_fields', /has 4/, /Write for example/],
  ]
  for (const [expression, code, message, hint] of cases) {
    test(JSON.stringify(expression), () => {
      const error = refusal(expression)
      assert.equal(error.fields[0]?.code, code)
      assert.match(error.message, message)
      assert.match(error.hint ?? '', hint)
    })
  }

  test('every right form that is offered is itself accepted', () => {
    const forms = cases.flatMap(
      ([expression]) => /^Write ([\d*]\S*(?: [^\s(]+){4})/.exec(refusal(expression).hint ?? '')?.[1] ?? [],
    )
    assert.ok(forms.length > 12, String(forms.length))
    for (const form of forms) assert.doesNotThrow(() => rule(form), form)
  })

  test('every bad field is named at once', () => {
    const { fields, message } = refusal('61 25 32 13 9')
    assert.deepEqual(
      fields.map(({ code }) => code),
      ['cron_minute', 'cron_hour', 'cron_day_of_month', 'cron_month', 'cron_day_of_week'],
    )
    assert.match(message, /and 4 more/)
  })

  test('a long expression is refused unread', () => {
    assert.equal(refusal(`${'1,'.repeat(MAX_CRON_LENGTH)}1 * * * *`).fields[0]?.code, 'too_long')
    assert.equal(refusal('@'.repeat(5_000_000)).fields[0]?.code, 'too_long')
  })
})
