import type { NewTaskInput } from '../../../shared/api/task.ts'
import { describeDate, readDate } from '../../dates.ts'
import { readTask } from '../../task-flags.ts'
import { escapeControls } from '../../text.ts'
import type { Board } from '../board.ts'
import type { Prompt } from '../model.ts'

type Reading = Pick<Prompt, 'echo' | 'problem'>

export type NewWords = { task: NewTaskInput; every: string | null; reading: Reading }

const problemOf = (text: string, message: string) => ({ message, at: 0, end: text.length })

/** A quick-add line: the task it stands for and how it was understood, by the same reader as `todo add`. */
export function readNew(board: Board, text: string): NewWords {
  const warnings: string[] = []
  const { context } = board
  const out = {
    ...context.out,
    note: (warning: string) => void warnings.push(warning.replace(/^todo: |\n$/g, '')),
  }
  const { body, title, tags, every, faults } = readTask({ ...context, out }, [text], {})
  const task = { ...body, title, ...(tags.length > 0 && { tags }) } as NewTaskInput
  const due =
    task.due_at != null ? { at: task.due_at } : task.due_date != null ? { date: task.due_date } : null
  const said = [
    escapeControls(title),
    task.priority === undefined ? '' : String(task.priority),
    due === null ? '' : describeDate(due, { now: context.now(), timeZone: context.timeZone() }),
    tags.map((tag) => `+${escapeControls(tag)}`).join(' '),
    task.project == null ? '' : `project:${escapeControls(task.project)}`,
    every == null ? '' : `every ${every}`,
    ...warnings,
  ].filter((part) => part !== '')
  const [fault] = faults
  const problem = fault === undefined ? null : problemOf(text, fault.message)
  return { task, every: every ?? null, reading: { echo: said.join(' · '), problem } }
}

export type DueFields = { due_date: string | null; due_at: string | null }

/** The words of a date; nothing takes it away. */
export function readDue(board: Board, text: string): Reading & { fields: DueFields | null } {
  const dates = { now: board.context.now(), timeZone: board.context.timeZone() }
  if (text.trim() === '' || text.trim() === 'none') {
    return { fields: { due_date: null, due_at: null }, echo: 'no due date', problem: null }
  }
  const due = readDate(text, dates)
  if (due === undefined || 'message' in due) {
    const message =
      due === undefined ? 'is no date; try fri 17:00, +3d, 27 nov' : `${due.message}; ${due.hint}`
    return { fields: null, echo: '', problem: problemOf(text, message) }
  }
  const fields = 'at' in due ? { due_at: due.at, due_date: null } : { due_at: null, due_date: due.date }
  return { fields, echo: describeDate(due, dates), problem: null }
}

/** `+home -work shop`: what to put on and to take off. */
export function readTags(text: string): { add: string[]; remove: string[] } {
  const words = text.split(/[\s,]+/).filter((word) => word !== '')
  return {
    add: words.filter((word) => !word.startsWith('-')).map((word) => word.replace(/^\+/, '')),
    remove: words.filter((word) => word.startsWith('-')).map((word) => word.slice(1)),
  }
}
