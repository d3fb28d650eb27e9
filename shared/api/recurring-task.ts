import * as z from 'zod'
import { Id, Instant, page, pageQuery, requiredText, text, WriteQuery } from './common.ts'
import { PriorityName } from './priority.ts'
import type { Routes } from './route.ts'
import { TagName } from './tag.ts'
import { Lead, ProjectName, Task } from './task.ts'

export const recurrencePatterns = ['daily', 'weekly', 'monthly', 'yearly', 'custom'] as const

/** Fields that make up the rule. What they mean together is judged by the engine, which names the field at fault. */
const ruleFields = {
  recurrence_pattern: z.enum(recurrencePatterns, { error: `is not one of ${recurrencePatterns.join(', ')}` }),
  interval: z.int().min(1).max(10_000).nullish(),
  cron_expression: text(256).nullish(),
  rrule: text(1000).nullish(),
  time_zone: text(64).nullish(),
  start: text(32).nullish(),
  all_day: z.boolean().nullish(),
  until: text(40).nullish(),
  count: z.int().min(1).max(100_000).nullish(),
  exdates: z.array(text(40)).max(1000).nullish(),
  month_day_policy: z.enum(['clamp', 'skip', 'last'], { error: 'is not clamp, skip or last' }).nullish(),
  anchor: z.enum(['schedule', 'completion'], { error: 'is not schedule or completion' }).nullish(),
}

const templateFields = {
  ...ruleFields,
  template_title: requiredText(200).transform((title) => title.trim()),
  template_description: text(10_000).nullish(),
  catch_up: z.enum(['latest', 'all', 'none'], { error: 'is not latest, all or none' }).nullish(),
  overlap: z.enum(['allow', 'skip'], { error: 'is not allow or skip' }).nullish(),
  create_ahead: Lead.nullish(),
  priority_id: z.int().min(1).max(4, { error: 'is not a priority; see GET /api/priorities' }).nullish(),
  priority: PriorityName.optional(),
  tags: z.array(TagName).max(100).nullish(),
  project: ProjectName.nullish(),
  reminders: z.array(Lead).max(10).nullish(),
  is_active: z.boolean().optional(),
}

type Priorities = { priority_id?: unknown; priority?: unknown }
const notBothPriorities = (body: Priorities) => !(body.priority_id != null && body.priority !== undefined)
const bothPriorities = {
  error: 'cannot be set together with priority_id',
  path: ['priority'],
  params: { code: 'exclusive' },
}

export const NewTemplate = z
  .strictObject(templateFields)
  .refine(notBothPriorities, bothPriorities)
  .meta({ id: 'NewRecurringTask' })
export type NewTemplate = z.infer<typeof NewTemplate>

export const TemplatePatch = z
  .strictObject({
    ...templateFields,
    recurrence_pattern: templateFields.recurrence_pattern.optional(),
    template_title: templateFields.template_title.optional(),
  })
  .refine(notBothPriorities, bothPriorities)
  .meta({ id: 'RecurringTaskPatch' })
export type TemplatePatch = z.infer<typeof TemplatePatch>

export const Template = z
  .object({
    id: Id,
    user_id: z.uuid(),
    template_title: z.string(),
    template_description: z.string(),
    recurrence_pattern: z.enum(recurrencePatterns),
    interval: z.int(),
    cron_expression: z.string().nullable(),
    rrule: z.string().nullable(),
    time_zone: z.string(),
    start: z.string().nullable(),
    all_day: z.boolean(),
    until: z.string().nullable(),
    count: z.int().nullable(),
    exdates: z.array(z.string()),
    month_day_policy: z.enum(['clamp', 'skip', 'last']),
    catch_up: z.enum(['latest', 'all', 'none']),
    overlap: z.enum(['allow', 'skip']),
    anchor: z.enum(['schedule', 'completion']),
    create_ahead: z.string().nullable(),
    priority_id: Id,
    tags: z.array(z.string()),
    project: z.string().nullable(),
    reminders: z.array(z.string()),
    is_active: z.boolean(),
    next_occurrence: Instant.nullable(),
    last_error: z.string().nullable(),
    missed: z.int(),
    version: z.int(),
    created_at: Instant,
    updated_at: Instant,
  })
  .meta({ id: 'RecurringTask' })
export type Template = z.infer<typeof Template>

export const Occurrence = z
  .object({
    at: Instant.nullable(),
    local: z.string(),
    notes: z.array(z.enum(['clamped', 'gap_shifted', 'first_of_two'])),
  })
  .meta({ id: 'Occurrence' })

/** With `dry_run=true` the answer tells what would be stored, and nothing is. */
const dryRun = { dry_run: z.enum(['true', 'false']).optional() }

/** `first=true` makes the first task at once, even when it is due later, and answers it beside the template. */
const CreateQuery = z.strictObject({ ...dryRun, first: z.enum(['true', 'false']).optional() })

export const templateRoutes = {
  'GET /api/{user_id}/recurring-tasks': {
    summary: 'List the recurring templates',
    access: 'recurring:read',
    query: z.strictObject(pageQuery),
    answers: { 200: page(Template) },
  },
  'POST /api/{user_id}/recurring-tasks': {
    summary: 'Create a recurring template; a start in the past is caught up as catch_up says',
    access: 'recurring:write',
    query: CreateQuery,
    body: NewTemplate,
    answers: { 201: Template.extend({ first_task: Task.nullable().optional() }) },
  },
  'POST /api/{user_id}/recurring-tasks/preview': {
    summary: 'Show when a rule would occur',
    access: 'recurring:read',
    body: z.strictObject({
      ...ruleFields,
      after: Instant.nullish(),
      limit: z.int().min(1).max(100).nullish(),
    }),
    answers: { 200: z.object({ occurrences: z.array(Occurrence), warnings: z.array(z.string()) }) },
  },
  'GET /api/{user_id}/recurring-tasks/{id}': {
    summary: 'Read a recurring template',
    access: 'recurring:read',
    answers: { 200: Template },
  },
  'PUT /api/{user_id}/recurring-tasks/{id}': {
    summary: 'Replace a recurring template',
    access: 'recurring:write',
    query: z.strictObject({ ...dryRun, apply_to: z.enum(['future', 'open']).optional() }),
    body: NewTemplate,
    answers: { 200: Template },
  },
  'PATCH /api/{user_id}/recurring-tasks/{id}': {
    summary: 'Change a recurring template, for the future or for its open tasks too',
    access: 'recurring:write',
    query: z.strictObject({ ...dryRun, apply_to: z.enum(['future', 'open']).optional() }),
    body: TemplatePatch,
    answers: { 200: Template },
  },
  'DELETE /api/{user_id}/recurring-tasks/{id}': {
    summary: 'Delete a recurring template; its tasks stay unless instances=delete_open',
    access: 'recurring:write',
    query: z.strictObject({ ...dryRun, instances: z.enum(['keep', 'delete_open']).optional() }),
    answers: { 204: null },
  },
  'GET /api/{user_id}/recurring-tasks/{id}/occurrences': {
    summary: 'List when a template occurs, from ≤ at < to',
    access: 'recurring:read',
    query: z.strictObject({
      from: Instant.optional(),
      to: Instant.optional(),
      ...pageQuery,
    }),
    answers: { 200: page(Occurrence) },
  },
  'POST /api/{user_id}/recurring-tasks/{id}/pause': {
    summary: 'Pause a template; what falls into the pause is not made up',
    access: 'recurring:write',
    query: WriteQuery,
    answers: { 200: Template },
  },
  'POST /api/{user_id}/recurring-tasks/{id}/resume': {
    summary: 'Resume a paused or stopped template',
    access: 'recurring:write',
    query: WriteQuery,
    answers: { 200: Template },
  },
  'POST /api/{user_id}/recurring-tasks/{id}/skip': {
    summary: 'Leave out the next occurrence',
    access: 'recurring:write',
    query: WriteQuery,
    answers: { 200: Template },
  },
} as const satisfies Routes
