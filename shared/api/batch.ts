import * as z from 'zod'
import { Id, Problem, WriteQuery } from './common.ts'
import { batchExample } from './examples.ts'
import type { Routes } from './route.ts'
import { NewTask, Task, TaskPatch } from './task.ts'

const nothing = z.strictObject({}).optional()
const onOne = <T extends string>(op: T) => z.strictObject({ op: z.literal(op), id: Id, body: nothing })

/** One operation of a batch. */
export const Operation = z
  .discriminatedUnion(
    'op',
    [
      z.strictObject({ op: z.literal('create'), body: NewTask }),
      z.strictObject({ op: z.literal('update'), id: Id, body: TaskPatch }),
      onOne('complete'),
      onOne('reopen'),
      onOne('delete'),
    ],
    { error: 'is not create, update, complete, reopen or delete' },
  )
  .meta({ id: 'Operation' })
export type Operation = z.infer<typeof Operation>

const batchOf = <T extends z.ZodType>(operation: T) =>
  z.strictObject({
    operations: z
      .array(operation)
      .min(1, { error: 'is empty' })
      .max(100, { error: 'has more than 100 operations' }),
    atomic: z.boolean().optional(),
  })

/** Each operation is validated by itself, because a bad one must not keep the good ones from being done. */
export const Batch = batchOf(z.unknown())
export type Batch = z.infer<typeof Batch>

/** As NDJSON, an operation a line; for what somebody does with one command to a whole list. */
export const mostLines = 10_000
const BatchLines = z.object({
  operations: z
    .array(z.unknown())
    .min(1, { error: 'is empty' })
    .max(mostLines, { error: `has more than ${mostLines} operations` }),
})

export const BatchResult = z
  .object({ status: z.int(), task: Task.optional(), problem: Problem.optional() })
  .meta({ id: 'BatchResult' })

export const batchRoutes = {
  'POST /api/{user_id}/tasks/batch': {
    summary: 'Do up to 100 operations in one transaction (10,000 as NDJSON); with atomic=true all or none',
    access: 'tasks:write',
    query: WriteQuery,
    body: Batch,
    documentedBody: batchOf(Operation).meta({ id: 'Batch', override: { examples: [batchExample] } }),
    takesLong: true,
    lines: { name: 'operations', body: BatchLines },
    answers: { 200: z.object({ results: z.array(BatchResult) }) },
  },
} as const satisfies Routes
