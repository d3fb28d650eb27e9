import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { parseDate } from '../dates.ts'
import { dateForms, datesDocument } from './forms.ts'
import { dayWords, units } from './words.ts'

test('Every example of every form is read, at any hour of any day of the week and in any zone', () => {
  for (const timeZone of ['UTC', 'Pacific/Auckland', 'America/Los_Angeles'])
    for (let hours = 0; hours < 24 * 8; hours += 5) {
      const now = new Date(Date.UTC(2026, 11, 27, hours, 30))
      for (const { examples } of dateForms)
        for (const text of examples) assert.doesNotThrow(() => parseDate(text, { now, timeZone }), text)
    }
})

test('docs/dates.md is in step with the code (node scripts/dates-doc.ts writes it)', () => {
  assert.equal(readFileSync(new URL('../../docs/dates.md', import.meta.url), 'utf8'), datesDocument())
})

test('Every name of a day and every short unit that the code reads stands in the document', () => {
  const short = Object.keys(units).filter((unit) =>
    ['s', 'min', 'h', 'd', 'w', 'm', 'q', 'y', 'bd'].includes(unit),
  )
  for (const word of [...Object.keys(dayWords), ...short])
    assert.match(datesDocument(), new RegExp(`\\b${word}\\b`), word)
})
