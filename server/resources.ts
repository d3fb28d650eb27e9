import type { Hono } from 'hono'
import { authRoutes, userRoutes } from '../shared/api/auth.ts'
import { batchRoutes } from '../shared/api/batch.ts'
import { channelRoutes } from '../shared/api/channel.ts'
import { countRoutes } from '../shared/api/count.ts'
import { deliveryRoutes } from '../shared/api/delivery.ts'
import { eventRoutes } from '../shared/api/event.ts'
import { preferencesRoutes } from '../shared/api/preferences.ts'
import { priorityRoutes } from '../shared/api/priority.ts'
import { projectRoutes } from '../shared/api/project.ts'
import { templateRoutes } from '../shared/api/recurring-task.ts'
import type { RouteKey, Routes } from '../shared/api/route.ts'
import { sessionRoutes } from '../shared/api/session.ts'
import { statsRoutes } from '../shared/api/stats.ts'
import { tagRoutes } from '../shared/api/tag.ts'
import { taskRoutes } from '../shared/api/task.ts'
import { tokenRoutes } from '../shared/api/token.ts'
import { transferRoutes } from '../shared/api/transfer.ts'
import { undoRoutes } from '../shared/api/undo.ts'
import { authHandlers } from './auth/routes.ts'
import { channelHandlers } from './channels/routes.ts'
import { countHandlers } from './counts/routes.ts'
import { deliveryHandlers } from './deliveries/routes.ts'
import type { Deps } from './deps.ts'
import { eventHandlers } from './events/routes.ts'
import { mountMailFeedback } from './mail-feedback/routes.ts'
import { type Handlers, mount, mountMethodNotAllowed } from './mount.ts'
import { preferencesHandlers } from './preferences/routes.ts'
import { priorityHandlers } from './priorities/routes.ts'
import { projectHandlers } from './projects/routes.ts'
import { templateHandlers } from './recurring-tasks/routes.ts'
import { sessionHandlers } from './sessions/routes.ts'
import { statsHandlers } from './stats/routes.ts'
import { tagHandlers } from './tags/routes.ts'
import { batchHandlers, taskHandlers } from './tasks/routes.ts'
import { tokenHandlers } from './tokens/routes.ts'
import { transferHandlers } from './transfer/routes.ts'
import { undoHandlers } from './undo/routes.ts'
import { mountUnsubscribe, unsubscribeKeys } from './unsubscribe/routes.ts'
import { userHandlers } from './users/routes.ts'

/** Every resource of the API, one line each. Returns what was mounted, for the description of the API. */
export function mountResources(app: Hono, deps: Deps): Routes {
  const mounted: Routes = {}
  const add = <T extends Routes>(routes: T, handlers: Handlers<T>) => {
    mount(app, deps, routes, handlers)
    Object.assign(mounted, routes)
  }
  // The batch's fixed path comes before `tasks/{id}`, or another method on it would be taken for an id.
  add(batchRoutes, batchHandlers(deps))
  mountMethodNotAllowed(app, Object.keys(batchRoutes) as RouteKey[])
  add(priorityRoutes, priorityHandlers(deps))
  add(tagRoutes, tagHandlers(deps))
  add(taskRoutes, taskHandlers(deps))
  add(templateRoutes, templateHandlers(deps))
  add(undoRoutes, undoHandlers(deps))
  add(transferRoutes, transferHandlers(deps))
  add(countRoutes, countHandlers(deps))
  add(statsRoutes, statsHandlers(deps))
  add(projectRoutes, projectHandlers(deps))
  add(eventRoutes, eventHandlers(deps))
  add(userRoutes, userHandlers(deps))
  add(channelRoutes, channelHandlers(deps))
  add(preferencesRoutes, preferencesHandlers(deps))
  add(deliveryRoutes, deliveryHandlers(deps))
  if (deps.accounts) {
    add(authRoutes, authHandlers(deps, deps.accounts))
    add(sessionRoutes, sessionHandlers(deps, deps.accounts))
    add(tokenRoutes, tokenHandlers(deps, deps.accounts))
  }
  mountUnsubscribe(app, deps)
  const feedbackKey = deps.notifications?.sendgridPublicKey
  if (feedbackKey) mountMailFeedback(app, deps, feedbackKey)
  mountMethodNotAllowed(app, [...(Object.keys(mounted) as RouteKey[]), ...unsubscribeKeys])
  return mounted
}
