import { queryString } from '../../shared/api-client.ts'
import type { Context } from '../context.ts'
import { escapeControls, truncate } from '../text.ts'
import type { Candidate } from './candidates.ts'

type Source = Pick<Context, 'send'>

const most = 50
const titleWidth = 50

/** Nothing rather than an error: a completion must not disturb who types. */
async function ask<T>({ send }: Source, path: string, query: Record<string, unknown>): Promise<T[]> {
  const request = { method: 'GET', path: path + queryString(query), headers: {}, body: null }
  const { status, body } = await send(request)
  return status === 200 ? (JSON.parse(body) as { items: T[] }).items : []
}

const shown = (text: string) => truncate(escapeControls(text), titleWidth)

/** Tasks by what has been typed of an id or of the title; the most urgent first. */
export async function idCandidates(source: Source, verb: string, last: string): Promise<Candidate[]> {
  const isOpen = /^(done|start|edit|show|log|rm)$/.test(verb)
  // `3,4` goes on behind the comma.
  const [whole, before = '', begun = ''] = /^((?:#?\d*[,-])*)#?(\d*)$/.exec(last) ?? []
  if (begun.startsWith('0')) return []
  const named = new Set(before.split(/[#,-]/))
  const tasks = await ask<{ id: number; title: string }>(source, '/api/me/tasks', {
    status: verb === 'reopen' ? 'done' : isOpen ? 'todo,doing' : undefined,
    sort: verb === 'reopen' ? '-updated' : 'urgency',
    fields: 'id,title',
    limit: Math.min(most + named.size, 200),
    ...(begun !== '' && { id_prefix: begun }),
    ...(whole === undefined && { q: last }),
  })
  return tasks
    .filter(({ id }) => !named.has(String(id)))
    .map(({ id, title }) => [`${before}${id}`, shown(title)] as const)
    .slice(0, most)
}

export async function tagCandidates(source: Source): Promise<Candidate[]> {
  const tags = await ask<{ name: string; task_count: number }>(source, '/api/me/tags', { limit: 200 })
  return tags.map(({ name, task_count }) => [escapeControls(name), `${task_count} open`] as const)
}

export async function projectCandidates(source: Source): Promise<Candidate[]> {
  const projects = await ask<{ name: string; task_count: number }>(source, '/api/me/projects', { limit: 200 })
  return projects.map(({ name, task_count }) => [escapeControls(name), `${task_count} open`] as const)
}
