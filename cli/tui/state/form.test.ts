import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Task } from '../../../shared/api/task.ts'
import { cardOf } from '../../../test/support/board-state.ts'
import { changedFields, merged, newForm, toField, valuesOf } from './form.ts'
import { insert, lineOf } from './line.ts'

const taskOf = (more: Partial<Task> = {}): Task =>
  ({
    ...cardOf(),
    user_id: 'u',
    description: '',
    reminders: ['1d'],
    occurrence_at: null,
    priority: { id: 2, name: 'Medium', level: 2, color: '#3B82F6' },
    ...more,
  }) as Task

const base = taskOf({ title: 'Pay rent', project: 'home' })
const before = valuesOf(base, '')

test('what is typed in a field is kept when another one is entered', () => {
  const form = newForm(base, '')
  const typed = { ...form, line: insert(form.line, '!') }
  const there = toField(toField(typed, 1), -1)
  assert.equal(there.line.text, 'Pay rent!')
  assert.deepEqual(changedFields(there, before), ['title'])
})

test('after a conflict mine stays where I typed, theirs comes where I did not, and both are known', () => {
  const mine = { ...newForm(base, ''), line: lineOf('My rent') }
  const theirs = taskOf({ title: 'Their rent', project: 'theirs', version: 2 })
  const form = merged(mine, theirs, before, valuesOf(theirs, ''))
  assert.equal(form.values.title, 'My rent')
  assert.equal(form.values.project, 'theirs')
  assert.equal(form.theirs?.title, 'Their rent')
  assert.deepEqual(changedFields(form, valuesOf(theirs, '')), ['title'])
})
