import { confirm, forEachId } from '../../bulk.ts'
import type { Verb } from '../../command.ts'
import { templateFields } from '../../fields.ts'
import type { FlagSet } from '../../flags.ts'
import { templateIds, templateShape } from '../../templates.ts'
import { escapeControls } from '../../text.ts'

export const rm: Verb<{ open?: boolean; dryRun: boolean }> = {
  summary: 'Delete recurring tasks; the tasks that were made stay',
  usage: '<ids…> [--open]',
  examples: [
    ['todo recur rm 2', 'no more of them'],
    ['todo recur rm 2 --open', 'its open tasks go too'],
  ],
  define: (command: FlagSet) => {
    command.option('--open', 'delete its open tasks too')
  },
  keepsDashes: true,
  fields: templateFields,
  run: async (context, words, flags) => {
    const { api, out } = context
    const ids = await templateIds(context, words)
    if (!(await confirm(context, ids.length, 'delete', true))) return 1
    const query = {
      ...(flags.dryRun && { dry_run: 'true' as const }),
      ...(flags.open && { instances: 'delete_open' as const }),
    }
    const { results, exitCode } = await forEachId(context, ids, async (id) => {
      const template = await api('GET /api/{user_id}/recurring-tasks/{id}', { params: { id } })
      await api('DELETE /api/{user_id}/recurring-tasks/{id}', { params: { id }, query })
      return template
    })
    const line = (one: (typeof results)[number]) =>
      `${flags.dryRun ? 'Would delete' : 'Deleted'} ${one.id}: ${escapeControls(one.template_title)}`
    const table = (all: typeof results) => all.map((one) => `${line(one)}\n`).join('')
    out.list(results, { ...templateShape(out.view), line, table })
    return exitCode
  },
}
