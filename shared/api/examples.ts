// One small story for the description of the API; a test checks each against its schema.

const tag = { id: 7, name: 'home', color: '#F59E0B' }

export const taskExample = {
  id: 42,
  user_id: '0b8f6c1e-3a52-4d61-9f0e-5c7d2b9a1e34',
  title: 'Pay the rent',
  description: '',
  status: 'todo',
  priority_id: 3,
  priority: { id: 3, name: 'High', level: 3, color: '#F59E0B' },
  tags: [tag],
  project: 'household',
  due_date: '2026-12-01',
  due_at: null,
  reminders: ['1d'],
  recurring_task_id: null,
  occurrence_at: null,
  position: 1795600000,
  version: 1,
  created_at: '2026-11-21T09:00:00.000Z',
  updated_at: '2026-11-21T09:00:00.000Z',
  completed_at: null,
}

export const newTaskExample = {
  title: 'Pay the rent',
  priority: 'high',
  tags: ['home'],
  project: 'household',
  due_date: '2026-12-01',
}

export const taskPatchExample = { status: 'doing', due_date: null, due_at: '2026-12-01T16:00:00.000Z' }

export const tagExample = { ...tag, task_count: 3, version: 1, created_at: '2026-11-20T18:30:00.000Z' }

export const newTagExample = { name: 'home', color: '#F59E0B' }

export const batchExample = {
  atomic: true,
  operations: [
    { op: 'create', body: newTaskExample },
    { op: 'update', id: 41, body: { project: 'household' } },
    { op: 'complete', id: 40 },
  ],
}

export const eventExample = {
  id: 1001,
  event_id: '5f0f5f9e-86b7-4d43-8d7b-2f9f3a1c0c55',
  event_type: 'task.created',
  task_id: taskExample.id,
  user_id: taskExample.user_id,
  timestamp: taskExample.created_at,
  version: 1,
  source: 'server',
  data: taskExample,
  previous: null,
}
