import * as z from 'zod'
import { Color, Id, Instant, WriteQuery } from './common.ts'
import { Priority, PriorityName } from './priority.ts'
import { NewTemplate, Template } from './recurring-task.ts'
import type { Routes } from './route.ts'
import { TagName } from './tag.ts'
import { NewTask, Task, TaskQuery } from './task.ts'

/**
 * What recognises a task or template wherever it is imported. `extra` is what its format has and a task has not, by
 * the format's name.
 */
const origin = {
  uid: z.uuid().optional(),
  extra: z
    .record(z.string(), z.unknown())
    .refine((extra) => JSON.stringify(extra).length <= 32_768, { error: 'is longer than 32 KB' })
    .refine((extra) => !/\\u(?:0000|d[89a-f])/i.test(JSON.stringify(extra)), {
      error: 'contains a NUL character or half of a surrogate pair',
    })
    .nullish(),
  created_at: Instant.optional(),
}

const { tag_ids: _ids, ...writable } = NewTask.shape

/** A task in an import or export: the writing shape, and what else must not be lost. `line` is echoed in faults. */
export const TaskRecord = z
  .strictObject({
    ...writable,
    ...origin,
    line: z.int().optional(),
    priority: z.union([PriorityName, Priority]).optional(),
    tags: z
      .array(z.union([TagName, z.strictObject({ name: TagName, color: Color.nullish() })]))
      .max(100)
      .optional(),
    completed_at: Instant.nullish(),
    recurring_task_uid: z.uuid().nullish(),
    occurrence_at: Instant.nullish(),
  })
  .refine((task) => !(task.due_date != null && task.due_at != null), {
    error: 'cannot be set together with due_date',
    path: ['due_at'],
  })
  .meta({ id: 'TaskRecord' })
export type TaskRecord = z.infer<typeof TaskRecord>
export type TaskRecordInput = z.input<typeof TaskRecord>

export const TemplateRecord = z
  .strictObject({
    ...NewTemplate.shape,
    ...origin,
    line: z.int().optional(),
    next_occurrence: Instant.nullish(),
    generated: z.int().min(0).optional(),
    missed: z.int().min(0).optional(),
  })
  .meta({ id: 'RecurringTaskRecord' })
export type TemplateRecord = z.infer<typeof TemplateRecord>
export type TemplateRecordInput = z.input<typeof TemplateRecord>

export const ImportReport = z
  .object({
    tasks: z.int(),
    templates: z.int(),
    /** Were there already, so that importing a file again changes nothing. */
    unchanged: z.int(),
    /** Left out with skip_bad=true. */
    bad: z.array(z.object({ line: z.int(), pointer: z.string(), message: z.string() })),
    bad_count: z.int(),
    first_task_id: Id.nullable(),
  })
  .meta({ id: 'ImportReport' })
export type ImportReport = z.infer<typeof ImportReport>

const { limit: _limit, cursor: _cursor, fields: _fields, sort: _sort, ...exportFilters } = TaskQuery.shape

const exported = { uid: z.uuid(), extra: z.record(z.string(), z.unknown()).nullable() }

/** A task as it is exported: without what means something only here, as import takes it. */
export const ExportedTask = Task.omit({
  id: true,
  user_id: true,
  version: true,
  updated_at: true,
  recurring_task_id: true,
})
  .extend({
    ...exported,
    tags: z.array(z.object({ name: z.string(), color: Color.nullable() })),
    recurring_task_uid: z.uuid().nullable(),
  })
  .meta({ id: 'ExportedTask' })
export type ExportedTask = z.infer<typeof ExportedTask>

export const ExportedTemplate = Template.omit({
  id: true,
  user_id: true,
  version: true,
  updated_at: true,
  last_error: true,
})
  .extend({ ...exported, generated: z.int() })
  .meta({ id: 'ExportedRecurringTask' })
export type ExportedTemplate = z.infer<typeof ExportedTemplate>

const ExportLine = z.union([ExportedTask, ExportedTemplate])

export const transferRoutes = {
  'POST /api/{user_id}/import': {
    summary:
      'Import tasks and templates as NDJSON, a record a line, in one transaction that one undo takes back',
    access: 'tasks:write',
    // The body may be a gigabyte; importing it again changes nothing anyway.
    neverKept: true,
    takesLong: true,
    lineIn: z.union([TaskRecord, TemplateRecord]),
    query: WriteQuery.extend({ skip_bad: z.enum(['true', 'false']).optional() }),
    answers: { 200: ImportReport },
  },
  'GET /api/{user_id}/export': {
    summary: 'Export templates and tasks as NDJSON, a record a line, as import takes them',
    access: 'tasks:read',
    query: z.strictObject(exportFilters),
    line: ExportLine,
    answers: { 200: ExportLine },
  },
} as const satisfies Routes
