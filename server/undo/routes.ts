import type { undoRoutes } from '../../shared/api/undo.ts'
import { changeOf } from '../change.ts'
import type { Deps } from '../deps.ts'
import type { Handlers } from '../mount.ts'
import type { Reply } from '../reply.ts'
import { type Reverted, revert } from './service.ts'

export const undoHandlers = (deps: Deps): Handlers<typeof undoRoutes> => ({
  'POST /api/{user_id}/undo': async (request) =>
    revertedReply('undone', await revert(deps, changeOf(request), 'undo', request.body.count ?? 1)),

  'POST /api/{user_id}/redo': async (request) =>
    revertedReply('redone', await revert(deps, changeOf(request), 'redo', request.body.count ?? 1)),
})

function revertedReply(name: 'undone' | 'redone', reverted: Reverted[]): Reply {
  const items = reverted.map(
    ({ event_type, task_id, data }) => `{"event_type":"${event_type}","task_id":${task_id},"task":${data}}`,
  )
  return { status: 200, json: `{"${name}":[${items.join(',')}]}` }
}
