import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { HttpResponse, Send } from '../../shared/api-client.ts'
import type { HomePaths } from '../../shared/config.ts'

// Loading the board takes longer than asking for its tasks. So the questions that the last board began with are asked
// before, and answered by the time this one draws. Questions that it does not have any more cost nothing but themselves.

/** Answers that are on their way, by the path that was asked. */
export type Prefetched = Map<string, Promise<HttpResponse>>

export const boardFile = (paths: Pick<HomePaths, 'state'>): string => join(paths.state, 'board.json')

const mostQuestions = 8
/** Enough for a local connection to be made and written on, before loading keeps the process busy. */
const headStartMs = 4

export async function prefetch(send: Send, paths: Pick<HomePaths, 'state'>): Promise<Prefetched> {
  const asked: Prefetched = new Map()
  for (const path of questions(paths)) {
    const answer = send({ method: 'GET', path, headers: { accept: 'application/json' }, body: null })
    // Whoever needs it hears of its failure; nobody else does.
    answer.catch(() => {})
    asked.set(path, answer)
  }
  if (asked.size > 0) await new Promise((resolve) => setTimeout(resolve, headStartMs))
  return asked
}

function questions(paths: Pick<HomePaths, 'state'>): string[] {
  try {
    const { first } = JSON.parse(readFileSync(boardFile(paths), 'utf8')) as { first?: unknown }
    return Array.isArray(first)
      ? first.filter((path): path is string => /^\/api\/me\//.test(path)).slice(0, mostQuestions)
      : []
  } catch {
    return []
  }
}

/** The same connection, which takes each answer that is on its way once, and tells what is asked. */
export const withPrefetched =
  (send: Send, asked: Prefetched, tell: (path: string) => void): Send =>
  (request) => {
    if (request.method !== 'GET') return send(request)
    tell(request.path)
    const answer = asked.get(request.path)
    asked.delete(request.path)
    return answer ?? send(request)
  }
