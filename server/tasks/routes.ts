import type { batchRoutes } from '../../shared/api/batch.ts'
import type { taskRoutes } from '../../shared/api/task.ts'
import { changeOf } from '../change.ts'
import type { Deps } from '../deps.ts'
import { linesReply, wantsLines } from '../lines.ts'
import { type Handlers, notFound } from '../mount.ts'
import { pageReply, type Reply } from '../reply.ts'
import { type Result, runBatch } from './batch.ts'
import { taskLines } from './lines.ts'
import { findTask, listTasks, type StoredTask } from './repository.ts'
import { changeTask, completeTask, createTask, deleting, patching, replacing } from './service.ts'

export const taskHandlers = (deps: Deps): Handlers<typeof taskRoutes> => ({
  'GET /api/{user_id}/tasks': async ({ c, userId, query }) => {
    if (wantsLines(c)) return linesReply(c, taskLines(deps.db, userId, query))
    const { items, nextCursor } = await listTasks(deps.db, userId, query)
    return pageReply(c.req.url, `[${items}]`, nextCursor)
  },

  'POST /api/{user_id}/tasks': async (request) => {
    const task = await createTask(deps, changeOf(request), request.body)
    return { ...taskReply(task), status: 201, location: `/api/${request.userId}/tasks/${task.id}` }
  },

  'GET /api/{user_id}/tasks/{id}': async ({ userId, id }) => {
    const task = await findTask(deps.db, userId, id)
    if (task === undefined) throw notFound(`Task ${id}`)
    return taskReply(task)
  },

  'PUT /api/{user_id}/tasks/{id}': async (request) =>
    taskReply(await changeTask(deps, changeOf(request), request.id, replacing(request.body))),

  'PATCH /api/{user_id}/tasks/{id}': async (request) =>
    taskReply(await changeTask(deps, changeOf(request), request.id, patching(request.body))),

  'DELETE /api/{user_id}/tasks/{id}': async (request) => {
    await changeTask(deps, changeOf(request), request.id, deleting)
    return { status: 204 }
  },

  'PATCH /api/{user_id}/tasks/{id}/complete': async (request) => {
    const completed = request.body.completed ?? true
    const { task, next } = await completeTask(deps, changeOf(request), request.id, completed)
    return { status: 200, json: `{"task":${task.data},"next":${next}}`, version: task.version }
  },
})

export const batchHandlers = (deps: Deps): Handlers<typeof batchRoutes> => ({
  'POST /api/{user_id}/tasks/batch': async (request) => {
    const results = await runBatch(deps, changeOf(request), request.body, request.c.get('requestId'))
    return { status: 200, json: `{"results":[${results.map(resultJson).join(',')}]}` }
  },
})

function resultJson({ status, task, problem }: Result): string {
  if (problem) return JSON.stringify({ status, problem })
  return task ? `{"status":${status},"task":${task.data}}` : `{"status":${status}}`
}

const taskReply = (task: StoredTask): Reply => ({ status: 200, json: task.data, version: task.version })
