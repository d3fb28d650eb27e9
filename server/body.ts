import type { Context } from 'hono'
import { AppError } from '../shared/errors.ts'

export const maxBodyBytes = 1024 * 1024
const maxDepth = 20

/**
 * The parsed JSON body. 413 above 1 MB (counted while it streams in, whatever Content-Length says), 415 for another
 * type or any encoding (a small compressed body could unfold without end), 400 for what is not JSON or too deep.
 */
export async function readJson(c: Context): Promise<unknown> {
  const type = (c.req.header('content-type') ?? '').split(';', 1)[0]!.trim().toLowerCase()
  const patch = c.req.method === 'PATCH' && type === 'application/merge-patch+json'
  if (type !== 'application/json' && !patch) {
    throw new AppError('unsupported_media_type', `The body's type is ${type || 'not given'}.`, {
      hint: 'Send Content-Type: application/json.',
    })
  }
  if (c.req.header('content-encoding') !== undefined) {
    throw new AppError('unsupported_media_type', 'An encoded body is not accepted.', {
      hint: 'Send it without Content-Encoding.',
    })
  }
  const text = await readText(c)
  try {
    const value: unknown = JSON.parse(text)
    if (depthOf(value) > maxDepth)
      throw new AppError('malformed', `The body is nested deeper than ${maxDepth}.`)
    return value
  } catch (error) {
    if (error instanceof AppError) throw error
    throw new AppError('malformed', text === '' ? 'The body is empty.' : 'The body is not JSON.', {
      hint: 'Send one JSON object.',
    })
  }
}

async function readText(c: Context): Promise<string> {
  const announced = Number(c.req.header('content-length') ?? 0)
  const body = c.req.raw.body
  if (announced > maxBodyBytes) throw tooLarge()
  if (announced > 0 || body === null) return decode([new Uint8Array(await c.req.arrayBuffer())])
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength
    if (size > maxBodyBytes) throw tooLarge()
    chunks.push(chunk)
  }
  return decode(chunks)
}

function decode(chunks: Uint8Array[]): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))
  } catch {
    throw new AppError('malformed', 'The body is not UTF-8.')
  }
}

const tooLarge = () =>
  new AppError('too_large', 'The body is larger than 1 MB.', { hint: 'Send it in several requests.' })

function depthOf(value: unknown, depth = 1): number {
  if (typeof value !== 'object' || value === null || depth > maxDepth) return depth
  return Math.max(depth, ...Object.values(value).map((inner) => depthOf(inner, depth + 1)))
}
