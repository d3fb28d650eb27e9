import type { transferRoutes } from '../../shared/api/transfer.ts'
import { AppError } from '../../shared/errors.ts'
import { isLines, refuseEncoding } from '../body.ts'
import { changeOf } from '../change.ts'
import type { Deps } from '../deps.ts'
import { linesReply } from '../lines.ts'
import type { Handlers } from '../mount.ts'
import { exportLines } from './export.ts'
import { importRecords } from './import.ts'
import { bodyLines } from './read-records.ts'

/** Each holds a connection while its sender sends; the others are for everybody else. */
const mostAtOnce = 2

export const transferHandlers = (deps: Deps): Handlers<typeof transferRoutes> => {
  let running = 0
  return {
    'POST /api/{user_id}/import': async (request) => {
      const { c, query } = request
      refuseEncoding(c)
      if (!isLines(c)) {
        throw new AppError('unsupported_media_type', 'An import is sent as NDJSON.', {
          hint: 'Send Content-Type: application/x-ndjson.',
        })
      }
      if (running >= mostAtOnce) {
        throw new AppError('unavailable', 'Other imports are running.', {
          hint: 'Try again when they are done.',
          retryAfterSec: 5,
        })
      }
      running += 1
      try {
        const lines = bodyLines(c.req.raw.body)
        const report = await importRecords(deps, changeOf(request), lines, query.skip_bad === 'true')
        return { status: 200, json: JSON.stringify(report) }
      } finally {
        running -= 1
      }
    },

    'GET /api/{user_id}/export': async ({ c, userId, query }) =>
      linesReply(c, exportLines(deps.db, userId, query)),
  }
}
