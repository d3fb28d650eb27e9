/** Ids of what one user owns, one of each kind. */
export type Ids = Record<
  'task' | 'tag' | 'template' | 'token' | 'session' | 'channel' | 'delivery' | 'event' | 'deleted',
  number
>

/** One request that names something: asked with Ann's by Bob, it must be answered as with what does not exist. */
export type Reference = {
  name: string
  status: number
  body?: (ids: Ids) => unknown
  query?: (ids: Ids) => string
}

export type Row =
  | { open: string }
  | {
      /** A valid body, so that nothing but the ownership can be the reason of a refusal. */
      body?: unknown
      /** Whose id stands in the path behind the user's. */
      id?: keyof Ids
      references?: Reference[]
    }

const task = { title: 'Bob was here' }
const template = {
  template_title: 'Bob was here',
  recurrence_pattern: 'daily',
  time_zone: 'UTC',
  start: '2999-01-01T09:00',
}
const channel = { kind: 'email', target: 'bob@example.org' }

const tagIds = (status: number): Reference => ({
  name: 'tag_ids',
  status,
  body: ({ tag }) => ({ ...task, tag_ids: [tag] }),
})
const operation = (name: string, body: (ids: Ids) => unknown): Reference => ({
  name,
  status: 200,
  body: (ids) => ({ operations: [body(ids)] }),
})

/** Every route of the server, by its key. */
export const rows: Record<string, Row> = {
  'GET /healthz': { open: 'says only that the process runs' },
  'GET /openapi.json': { open: 'the same for everybody' },
  'GET /docs': { open: 'the same for everybody' },
  'GET /readyz': { open: 'says only whether database and bus answer' },
  'GET /metrics': { open: 'counts over everybody, without a name or an id, for whom METRICS_FROM lets in' },
  'GET /unsubscribe/{token}': { open: 'the token in the link is the permission, and can do nothing else' },
  'POST /unsubscribe/{token}': { open: 'the token in the link is the permission, and can do nothing else' },
  'GET /api/priorities': { open: 'the same for everybody' },
  'POST /api/auth/register': { open: 'makes a new account' },
  'POST /api/auth/login': { open: 'needs the password' },
  'POST /api/auth/refresh': { open: 'the refresh token is the permission' },
  'POST /api/auth/logout': { open: 'the token is the permission' },
  'POST /api/auth/password': { open: 'of the caller alone; names nobody' },
  'POST /api/auth/delete': { open: 'of the caller alone; names nobody' },
  'GET /api/auth/me': { open: 'of the caller alone; names nobody' },
  'PATCH /api/auth/me': { open: 'of the caller alone; names nobody' },

  'GET /api/{user_id}/tags': {},
  'POST /api/{user_id}/tags': { body: { name: 'bobs' } },
  'GET /api/{user_id}/tags/{id}': { id: 'tag' },
  'PUT /api/{user_id}/tags/{id}': { id: 'tag', body: { name: 'bobs-now' } },
  'DELETE /api/{user_id}/tags/{id}': { id: 'tag' },

  'GET /api/{user_id}/tasks': {
    references: [
      { name: 'recurring_task_id', status: 200, query: ({ template }) => `recurring_task_id=${template}` },
      { name: 'tag', status: 200, query: () => 'tag=anns' },
    ],
  },
  'POST /api/{user_id}/tasks': { body: task, references: [tagIds(422)] },
  'GET /api/{user_id}/tasks/{id}': { id: 'task' },
  'PUT /api/{user_id}/tasks/{id}': { id: 'task', body: task },
  'PATCH /api/{user_id}/tasks/{id}': { id: 'task', body: task },
  'DELETE /api/{user_id}/tasks/{id}': { id: 'task' },
  'PATCH /api/{user_id}/tasks/{id}/complete': { id: 'task', body: {} },
  'POST /api/{user_id}/tasks/batch': {
    body: { operations: [{ op: 'create', body: task }] },
    references: [
      operation('update', ({ task: id }) => ({ op: 'update', id, body: task })),
      operation('complete', ({ task: id }) => ({ op: 'complete', id })),
      operation('reopen', ({ task: id }) => ({ op: 'reopen', id })),
      operation('delete', ({ task: id }) => ({ op: 'delete', id })),
      operation('create', ({ tag }) => ({ op: 'create', body: { ...task, tag_ids: [tag] } })),
      {
        name: 'atomic',
        status: 422,
        body: ({ task: id }) => ({ operations: [{ op: 'complete', id }], atomic: true }),
      },
    ],
  },
  'POST /api/{user_id}/undo': { body: {} },
  'POST /api/{user_id}/redo': { body: {} },
  'POST /api/{user_id}/import': { body: {} },
  'GET /api/{user_id}/export': {},
  'GET /api/{user_id}/counts': {},
  'GET /api/{user_id}/stats': {},
  'GET /api/{user_id}/projects': {},
  'GET /api/{user_id}/events': {
    references: [
      { name: 'task_id', status: 200, query: ({ task: id }) => `task_id=${id}` },
      { name: 'deleted task_id', status: 200, query: ({ deleted }) => `task_id=${deleted}` },
      { name: 'after', status: 200, query: ({ event }) => `after=${event - 1}` },
    ],
  },

  'GET /api/{user_id}/recurring-tasks': {},
  'POST /api/{user_id}/recurring-tasks': { body: template },
  'POST /api/{user_id}/recurring-tasks/preview': { body: template },
  'GET /api/{user_id}/recurring-tasks/{id}': { id: 'template' },
  'PUT /api/{user_id}/recurring-tasks/{id}': { id: 'template', body: template },
  'PATCH /api/{user_id}/recurring-tasks/{id}': { id: 'template', body: { template_title: 'Bob was here' } },
  'DELETE /api/{user_id}/recurring-tasks/{id}': { id: 'template' },
  'GET /api/{user_id}/recurring-tasks/{id}/occurrences': { id: 'template' },
  'POST /api/{user_id}/recurring-tasks/{id}/pause': { id: 'template' },
  'POST /api/{user_id}/recurring-tasks/{id}/resume': { id: 'template' },
  'POST /api/{user_id}/recurring-tasks/{id}/skip': { id: 'template' },

  'GET /api/{user_id}/tokens': {},
  'POST /api/{user_id}/tokens': {
    body: { name: 'x', scopes: ['tasks:read'], expires_at: '2999-01-01T00:00:00Z' },
  },
  'DELETE /api/{user_id}/tokens/{id}': { id: 'token' },
  'GET /api/{user_id}/sessions': {},
  'DELETE /api/{user_id}/sessions/{id}': { id: 'session' },

  'GET /api/{user_id}/channels': {},
  'POST /api/{user_id}/channels': { body: channel },
  'GET /api/{user_id}/channels/{id}': { id: 'channel' },
  'PATCH /api/{user_id}/channels/{id}': { id: 'channel', body: { name: 'bobs' } },
  'DELETE /api/{user_id}/channels/{id}': { id: 'channel' },
  'POST /api/{user_id}/channels/{id}/test': { id: 'channel' },
  'POST /api/{user_id}/channels/{id}/secret': { id: 'channel' },
  'GET /api/{user_id}/preferences': {},
  'PUT /api/{user_id}/preferences': { body: {} },
  'GET /api/{user_id}/deliveries': {
    references: [
      { name: 'channel_id', status: 200, query: (ids) => `channel_id=${ids.channel}` },
      { name: 'task_id', status: 200, query: (ids) => `task_id=${ids.task}` },
    ],
  },
  'GET /api/{user_id}/deliveries/{id}': { id: 'delivery' },
  'POST /api/{user_id}/deliveries/{id}/replay': { id: 'delivery' },
}
