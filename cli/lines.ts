import { queryString, type StreamRequest, toError } from '../shared/api-client.ts'
import type { Context } from './context.ts'

/** Lines of JSON of an answer, some hundreds at a time: one by one, awaiting would cost more than reading. */
export async function* openLines<T>(
  { open }: Pick<Context, 'open'>,
  path: string,
  query: Record<string, unknown> = {},
): AsyncGenerator<T[]> {
  const headers = { accept: 'application/x-ndjson' }
  const request = { method: 'GET', path: path + queryString(query), headers, body: null }
  for await (const lines of textLines(open, request)) {
    yield lines.map((line) => JSON.parse(line) as T)
  }
}

/** The lines of any streamed answer. A problem answer becomes the AppError that the server threw. */
export async function* textLines(open: Context['open'], request: StreamRequest): AsyncGenerator<string[]> {
  const { status, headers, body } = await open(request)
  if (status >= 400) {
    let text = ''
    for await (const chunk of body) text += Buffer.from(chunk).toString('latin1')
    throw toError({ status, headers, body: Buffer.from(text, 'latin1').toString('utf8') })
  }
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop()!
    if (lines.length > 0) yield lines
  }
  if (rest !== '') yield [rest]
}
