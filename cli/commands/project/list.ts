import type { Project } from '../../../shared/api/project.ts'
import type { Verb } from '../../command.ts'
import { escapeControls } from '../../text.ts'

export const list: Verb = {
  summary: 'List the projects with the number of open tasks',
  usage: '',
  examples: [
    ['todo project list', 'name and number'],
    ['todo list project:work', 'the tasks of one, and of what is below it'],
  ],
  fields: ['name', 'task_count'],
  run: async ({ api, out }) => {
    const projects: Project[] = []
    let cursor: string | undefined
    do {
      const page = await api('GET /api/{user_id}/projects', {
        query: { limit: 200, ...(cursor && { cursor }) },
      })
      projects.push(...page.items)
      cursor = page.next_cursor ?? undefined
    } while (cursor)
    const line = ({ name, task_count }: Project) => `${escapeControls(name)}\t${task_count}`
    if (out.mode === 'quiet') out.text(projects.map(({ name }) => `${escapeControls(name)}\n`).join(''))
    else {
      const columns = {
        name: ({ name }: Project) => name,
        task_count: ({ task_count }: Project) => task_count,
      }
      out.list(projects as (Project & { id: number })[], { line, columns })
    }
    if (projects.length === 0 && out.mode === 'text') out.note('No open task is in a project.\n')
    return undefined
  },
}
