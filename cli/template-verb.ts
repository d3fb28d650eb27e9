import { confirm, forEachId } from './bulk.ts'
import type { Verb } from './command.ts'
import { templateFields } from './fields.ts'
import { dryRun } from './status-verb.ts'
import { templateEcho, templateIds, templateShape } from './templates.ts'

/** Does one thing to each named recurring task and says what came of it. */
export const templateVerb = (
  action: 'pause' | 'resume' | 'skip',
  verb: Omit<Verb, 'run' | 'keepsDashes'>,
  said: string,
): Verb => ({
  ...verb,
  fields: templateFields,
  keepsDashes: true,
  run: async (context, words) => {
    const { api, out, flags } = context
    const ids = await templateIds(context, words)
    if (!(await confirm(context, ids.length, action, false))) return 1
    const { results, exitCode } = await forEachId(context, ids, (id) =>
      api(`POST /api/{user_id}/recurring-tasks/{id}/${action}`, { params: { id }, ...dryRun(context) }),
    )
    const what = flags.dryRun ? `Would have ${said.toLowerCase()}` : said
    const line = (template: (typeof results)[number]) =>
      `${what} ${template.id}: ${templateEcho(template, out.view())}`
    const table = (all: typeof results) => all.map((one) => `${line(one)}\n`).join('')
    out.list(results, { ...templateShape(out.view), line, table })
    return exitCode
  },
})
