import * as z from 'zod'
import {
  Color,
  Id,
  Instant,
  LocalDate,
  list,
  page,
  pageQuery,
  requiredText,
  text,
  WriteQuery,
} from './common.ts'
import { newTaskExample, taskExample, taskPatchExample } from './examples.ts'
import { Priority, PriorityName } from './priority.ts'
import type { Routes } from './route.ts'
import { TagName } from './tag.ts'
import { TimeZone } from './time-zone.ts'

export const taskStatuses = ['todo', 'doing', 'done'] as const
export type TaskStatus = (typeof taskStatuses)[number]

/** How long before the due time: minutes, hours, days or weeks. */
export const Lead = z
  .string()
  .regex(/^[1-9]\d{0,4}[mhdw]$/, { error: 'is not a lead time, such as 15m, 2h, 1d or 1w' })

export const ProjectName = text(100).refine((name) => /^[^\s.]+(\.[^\s.]+)*$/u.test(name), {
  error: 'is not a project name, such as work or work.api',
})

const TaskTag = z.object({ id: Id, name: z.string(), color: Color.nullable() })

export const Task = z
  .object({
    id: Id,
    user_id: z.uuid(),
    title: z.string(),
    description: z.string(),
    status: z.enum(taskStatuses),
    priority_id: Id,
    priority: Priority,
    tags: z.array(TaskTag),
    project: z.string().nullable(),
    due_date: LocalDate.nullable(),
    due_at: Instant.nullable(),
    reminders: z.array(Lead),
    recurring_task_id: Id.nullable(),
    occurrence_at: Instant.nullable(),
    position: z.number(),
    version: z.int().min(1),
    created_at: Instant,
    updated_at: Instant,
    completed_at: Instant.nullable(),
  })
  .meta({ id: 'Task', examples: [taskExample] })
export type Task = z.infer<typeof Task>

/** What a writer may say of a task. `tags` are names, made when missing; `priority` is a name. */
const writable = {
  title: requiredText(200).transform((title) => title.trim()),
  description: text(10_000).nullish(),
  status: z.enum(taskStatuses, { error: 'is not todo, doing or done' }).optional(),
  priority_id: z.int().min(1).max(4, { error: 'is not a priority; see GET /api/priorities' }).nullish(),
  priority: PriorityName.optional(),
  tag_ids: z.array(Id).max(100).optional(),
  tags: z.array(TagName).max(100).optional(),
  project: ProjectName.nullish(),
  due_date: LocalDate.nullish(),
  due_at: Instant.nullish(),
  reminders: z.array(Lead).max(10).nullish(),
  position: z.number().optional(),
}

type Due = { due_date?: unknown; due_at?: unknown }
const notBothDue = (task: Due) => !(task.due_date != null && task.due_at != null)
const bothDue = {
  error: 'cannot be set together with due_date',
  path: ['due_at'],
  params: { code: 'exclusive' },
}
type Tags = { tag_ids?: unknown; tags?: unknown }
const notBothTags = (task: Tags) => !(task.tag_ids && task.tags)
const bothTags = {
  error: 'cannot be set together with tag_ids',
  path: ['tags'],
  params: { code: 'exclusive' },
}
type TagChanges = Tags & { add_tags?: unknown; remove_tags?: unknown }
const notTagsTwice = (patch: TagChanges) =>
  !((patch.tags || patch.tag_ids) && (patch.add_tags || patch.remove_tags))
const tagsTwice = {
  error: 'replaces all tags, so none can be added or removed beside it',
  path: ['tags'],
  params: { code: 'exclusive' },
}
type Priorities = { priority_id?: unknown; priority?: unknown }
const notBothPriorities = (task: Priorities) => !(task.priority_id != null && task.priority !== undefined)
const bothPriorities = {
  error: 'cannot be set together with priority_id',
  path: ['priority'],
  params: { code: 'exclusive' },
}

export const NewTask = z
  .strictObject(writable)
  .refine(notBothDue, bothDue)
  .refine(notBothTags, bothTags)
  .refine(notBothPriorities, bothPriorities)
  .meta({ id: 'NewTask', override: { examples: [newTaskExample] } })
export type NewTask = z.infer<typeof NewTask>
export type NewTaskInput = z.input<typeof NewTask>

/** A JSON merge patch (RFC 7396): absent keeps, null clears. */
export const TaskPatch = z
  .strictObject({
    ...writable,
    title: writable.title.optional(),
    /** Put on and taken off by name, whatever other tags the task has. */
    add_tags: z.array(TagName).max(100).optional(),
    remove_tags: z.array(TagName).max(100).optional(),
  })
  .refine(notBothDue, bothDue)
  .refine(notBothTags, bothTags)
  .refine(notTagsTwice, tagsTwice)
  .refine(notBothPriorities, bothPriorities)
  .meta({ id: 'TaskPatch', override: { examples: [taskPatchExample] } })
export type TaskPatch = z.infer<typeof TaskPatch>
export type TaskPatchInput = z.input<typeof TaskPatch>

export const taskSorts = ['due', 'priority', 'created', 'updated', 'title', 'position', 'urgency'] as const
export type TaskSort = (typeof taskSorts)[number]

const fieldNames = Object.keys(Task.shape) as (keyof Task)[]

/** `fields=id,title`: items with these fields only, which are quicker to make and to send. */
const fieldList = z
  .string()
  .transform((list) => list.split(',') as (keyof Task)[])
  .refine((names) => names.every((name) => fieldNames.includes(name)), {
    error: `names a field that is none of ${fieldNames.join(', ')}`,
  })

export const TaskQuery = z.strictObject({
  ...pageQuery,
  status: z
    .string()
    .refine((value) => value.split(',').every((one) => (taskStatuses as readonly string[]).includes(one)), {
      error: 'is not todo, doing or done, or several of them with commas',
    })
    .optional(),
  id_prefix: z
    .string()
    .regex(/^[1-9]\d{0,14}$/, { error: 'is no beginning of an id' })
    .optional()
    .meta({ description: 'the first digits of ids, for who completes them' }),
  priority_id: z.coerce.number({ error: 'is not a number' }).pipe(Id).optional(),
  priority: PriorityName.optional(),
  tag: list(z.string()).optional(),
  tag_match: z.enum(['any', 'all'], { error: 'is not any or all' }).optional(),
  project: z.string().optional(),
  due_from: z.union([LocalDate, Instant], { error: 'is not a date or time' }).optional(),
  due_to: z.union([LocalDate, Instant], { error: 'is not a date or time' }).optional(),
  overdue: z.enum(['true', 'false'], { error: 'is not true or false' }).optional(),
  q: text(200).optional(),
  filter: text(8000)
    .optional()
    .meta({ description: 'The filter language, such as `+home (overdue or due.by:2026-11-27) -p4 /milk/`' }),
  updated_since: Instant.optional(),
  recurring_task_id: z.coerce.number({ error: 'is not a number' }).pipe(Id).optional(),
  time_zone: TimeZone.meta({
    description: 'whose days the dates of the filters are; the zone of the user by default',
  }).optional(),
  fields: fieldList.optional(),
  sort: z
    .string()
    .refine((sort) => (taskSorts as readonly string[]).includes(sort.replace(/^-/, '')), {
      error: `is not one of ${taskSorts.join(', ')}, with or without - in front`,
    })
    .optional(),
})
export type TaskQuery = z.infer<typeof TaskQuery>
export type TaskQueryInput = z.input<typeof TaskQuery>

export const Completion = z
  .object({
    task: Task,
    next: z.union([Task, z.object({ occurrence_at: Instant })]).nullable(),
  })
  .meta({ id: 'Completion' })
export type Completion = z.infer<typeof Completion>

export const taskRoutes = {
  'GET /api/{user_id}/tasks': {
    summary: 'List tasks, filtered and sorted',
    access: 'tasks:read',
    query: TaskQuery,
    line: Task,
    answers: { 200: page(Task) },
  },
  'POST /api/{user_id}/tasks': {
    summary: 'Create a task',
    access: 'tasks:write',
    query: WriteQuery,
    body: NewTask,
    keptByStatement: true,
    answers: { 201: Task },
  },
  'GET /api/{user_id}/tasks/{id}': { summary: 'Read a task', access: 'tasks:read', answers: { 200: Task } },
  'PUT /api/{user_id}/tasks/{id}': {
    summary: 'Replace a task; what is absent gets its default',
    access: 'tasks:write',
    query: WriteQuery,
    body: NewTask,
    answers: { 200: Task },
  },
  'PATCH /api/{user_id}/tasks/{id}': {
    summary: 'Change some fields of a task',
    access: 'tasks:write',
    query: WriteQuery,
    body: TaskPatch,
    answers: { 200: Task },
  },
  'DELETE /api/{user_id}/tasks/{id}': {
    summary: 'Delete a task',
    access: 'tasks:write',
    query: WriteQuery,
    answers: { 204: null },
  },
  'PATCH /api/{user_id}/tasks/{id}/complete': {
    summary: 'Complete a task, or reopen it with completed=false',
    access: 'tasks:write',
    query: WriteQuery,
    body: z.strictObject({ completed: z.boolean().optional() }),
    bodyOptional: true,
    answers: { 200: Completion },
  },
} as const satisfies Routes
