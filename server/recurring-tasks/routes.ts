import type { templateRoutes } from '../../shared/api/recurring-task.ts'
import { parseRule, previewRule } from '../../shared/recurrence.ts'
import { changeOf } from '../change.ts'
import { bindOf, readCursor, writeCursor } from '../cursor.ts'
import type { Deps } from '../deps.ts'
import { type Handlers, notFound, type Request } from '../mount.ts'
import { pageReply, type Reply } from '../reply.ts'
import { todayIn } from './columns.ts'
import { occurrencesOf } from './occurrences.ts'
import { findTemplate, listTemplates, readTemplate, type StoredTemplate, timeOfUser } from './repository.ts'
import { changeTemplate, createTemplate, removeTemplate, setActive, skipNext } from './service.ts'

const previewLimit = 10

export const templateHandlers = (deps: Deps): Handlers<typeof templateRoutes> => ({
  'GET /api/{user_id}/recurring-tasks': (request) => list(deps, request),

  'POST /api/{user_id}/recurring-tasks': async (request) => {
    const first = request.query.first === 'true'
    const made = await createTemplate(deps, changeOf(request), request.body, first)
    const json = first ? `${made.data.slice(0, -1)},"first_task":${made.firstTask}}` : made.data
    const location = `/api/${request.userId}/recurring-tasks/${made.id}`
    return { ...templateReply(made), json, status: 201, location }
  },

  'POST /api/{user_id}/recurring-tasks/preview': (request) => preview(deps, request),

  'GET /api/{user_id}/recurring-tasks/{id}': async ({ userId, id }) => {
    const template = await findTemplate(deps.db, userId, id)
    if (template === undefined) throw notFound(`Recurring task ${id}`)
    return templateReply(template)
  },

  'PUT /api/{user_id}/recurring-tasks/{id}': async (request) =>
    templateReply(
      await changeTemplate(deps, changeOf(request), request.id, request.body, {
        replace: true,
        applyTo: request.query.apply_to ?? 'future',
      }),
    ),

  'PATCH /api/{user_id}/recurring-tasks/{id}': async (request) =>
    templateReply(
      await changeTemplate(deps, changeOf(request), request.id, request.body, {
        replace: false,
        applyTo: request.query.apply_to ?? 'future',
      }),
    ),

  'DELETE /api/{user_id}/recurring-tasks/{id}': async (request) => {
    await removeTemplate(deps, changeOf(request), request.id, request.query.instances ?? 'keep')
    return { status: 204 }
  },

  'GET /api/{user_id}/recurring-tasks/{id}/occurrences': (request) => listOccurrences(deps, request),

  'POST /api/{user_id}/recurring-tasks/{id}/pause': async (request) =>
    templateReply(await setActive(deps, changeOf(request), request.id, false)),

  'POST /api/{user_id}/recurring-tasks/{id}/resume': async (request) =>
    templateReply(await setActive(deps, changeOf(request), request.id, true)),

  'POST /api/{user_id}/recurring-tasks/{id}/skip': async (request) =>
    templateReply(await skipNext(deps, changeOf(request), request.id)),
})

type Asked<Key extends keyof typeof templateRoutes> = Request<(typeof templateRoutes)[Key]>

async function list(
  { db }: Deps,
  { c, userId, query }: Asked<'GET /api/{user_id}/recurring-tasks'>,
): Promise<Reply> {
  const bind = bindOf('recurring-tasks')
  const limit = query.limit ?? 50
  const found = await listTemplates(db, userId, readCursor(query.cursor, bind)?.id ?? 0, limit + 1)
  const items = found.slice(0, limit)
  const next = found.length > limit ? writeCursor(bind, { key: '', id: items.at(-1)!.id }) : null
  return pageReply(c.req.url, `[${items.map(({ data }) => data).join(',')}]`, next)
}

async function preview(
  { db }: Deps,
  { userId, body }: Asked<'POST /api/{user_id}/recurring-tasks/preview'>,
): Promise<Reply> {
  const { after, limit, ...fields } = body
  const { zone, now } = await timeOfUser(db, userId)
  const time_zone = fields.time_zone ?? zone
  // Without a start it would begin on today, as a template without one does.
  const start = fields.start ?? (fields.cron_expression == null ? todayIn(time_zone, now) : null)
  const rule = parseRule({ ...fields, time_zone, start })
  const from = after ?? (fields.start == null ? now : undefined)
  const shown = previewRule(rule, { after: from, now, limit: limit ?? previewLimit })
  return { status: 200, json: JSON.stringify(shown) }
}

async function listOccurrences(
  { db }: Deps,
  { c, userId, id, query }: Asked<'GET /api/{user_id}/recurring-tasks/{id}/occurrences'>,
): Promise<Reply> {
  const template = await readTemplate(db, userId, id, { lock: false })
  if (template === undefined) throw notFound(`Recurring task ${id}`)
  const { limit = 50, from = template.now.toISOString(), to } = query
  const bind = bindOf('occurrences', id, query.from, to)
  const after = readCursor(query.cursor, bind)?.key
  const begin = after === undefined ? { from } : { after }
  const found = occurrencesOf(template, { ...begin, ...(to && { to }), limit: limit + 1 })
  const items = found.slice(0, limit)
  const next = found.length > limit ? writeCursor(bind, { key: items.at(-1)!.instant, id }) : null
  const shown = items.map(({ at, local, notes }) => ({ at, local, notes }))
  return pageReply(c.req.url, JSON.stringify(shown), next)
}

/** The plan belongs to what a reader sees, so it is in the tag; writers compare the version in front of it. */
const templateReply = ({ data, version, next }: StoredTemplate): Reply => ({
  status: 200,
  json: data,
  etag: `"${version}-${next === null ? 'none' : Date.parse(next).toString(36)}"`,
})
