import { TaskRecord, TemplateRecord } from '../../shared/api/transfer.ts'
import { AppError } from '../../shared/errors.ts'
import { check } from '../validate.ts'

/** A line of an import that can be stored, or what is wrong with it. */
export type ReadRecord =
  | { kind: 'task'; line: number; task: TaskRecord }
  | { kind: 'template'; line: number; template: TemplateRecord }
  | { kind: 'bad'; line: number; faults: { pointer: string; code: string; message: string }[] }

const longestLine = 256 * 1024

/** The lines of a streamed body, some at a time; never more than one piece of it is held. */
export async function* bodyLines(body: ReadableStream<Uint8Array> | null): AsyncGenerator<string[]> {
  if (body === null) return
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const decode = (chunk?: Uint8Array) => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined })
    } catch {
      throw new AppError('malformed', 'The body is not UTF-8.')
    }
  }
  let rest = ''
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
    const lines = (rest + decode(chunk)).split('\n')
    rest = lines.pop()!
    if (rest.length > longestLine) throw new AppError('too_large', 'A line is longer than 256 KB.')
    if (lines.length > 0) yield lines
  }
  rest += decode()
  if (rest !== '') yield [rest]
}

/** `number` is the line in the stream; the record may name the one of the user's file. */
export function readRecord(text: string, number: number): ReadRecord {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return bad(number, [{ pointer: '', code: 'malformed', message: 'is not JSON' }])
  }
  const given = (value ?? {}) as { line?: unknown; template_title?: unknown }
  const line = typeof given.line === 'number' ? given.line : number
  if (given.template_title !== undefined) {
    const { value: template, faults } = check(TemplateRecord, value)
    return faults.length > 0 ? bad(line, faults) : { kind: 'template', line, template }
  }
  const { value: task, faults } = check(TaskRecord, value)
  return faults.length > 0 ? bad(line, faults) : { kind: 'task', line, task }
}

const bad = (line: number, faults: { pointer: string; code: string; message: string }[]): ReadRecord => ({
  kind: 'bad',
  line,
  faults,
})
