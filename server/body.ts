import { IncomingMessage } from 'node:http'
import type { Context } from 'hono'
import { AppError } from '../shared/errors.ts'

export const maxBodyBytes = 1024 * 1024
const maxLinesBytes = 16 * maxBodyBytes
const maxDepth = 20

/**
 * The parsed JSON body. 413 above 1 MB (counted while it streams in, whatever Content-Length says), 415 for another
 * type or any encoding (a small compressed body could unfold without end), 400 for what is not JSON or too deep.
 */
export async function readJson(c: Context): Promise<unknown> {
  const type = typeOf(c)
  const patch = c.req.method === 'PATCH' && type === 'application/merge-patch+json'
  if (type !== 'application/json' && !patch) {
    throw new AppError('unsupported_media_type', `The body's type is ${type || 'not given'}.`, {
      hint: 'Send Content-Type: application/json.',
    })
  }
  refuseEncoding(c)
  const text = await readText(c, maxBodyBytes)
  try {
    return parse(text)
  } catch (error) {
    if (error instanceof AppError) throw error
    throw new AppError('malformed', text === '' ? 'The body is empty.' : 'The body is not JSON.', {
      hint: 'Send one JSON object.',
    })
  }
}

const typeOf = (c: Context) => (c.req.header('content-type') ?? '').split(';', 1)[0]!.trim().toLowerCase()

export function refuseEncoding(c: Context): void {
  if (c.req.header('content-encoding') === undefined) return
  throw new AppError('unsupported_media_type', 'An encoded body is not accepted.', {
    hint: 'Send it without Content-Encoding.',
  })
}

function parse(text: string): unknown {
  const value: unknown = JSON.parse(text)
  if (isTooDeep(value)) throw new AppError('malformed', `The body is nested deeper than ${maxDepth}.`)
  return value
}

export const isLines = (c: Context): boolean => typeOf(c) === 'application/x-ndjson'

/** The values of an NDJSON body of at most 16 MB; 400 names the first line that is not JSON. */
export async function readLines(c: Context): Promise<unknown[]> {
  refuseEncoding(c)
  const lines = (await readText(c, maxLinesBytes)).split('\n')
  return lines.flatMap((line, n) => {
    if (line.trim() === '') return []
    try {
      return [parse(line)]
    } catch (error) {
      if (error instanceof AppError) throw error
      throw new AppError('malformed', `Line ${n + 1} is not JSON.`, { hint: 'Send one JSON object a line.' })
    }
  })
}

async function readText(c: Context, maxBytes: number): Promise<string> {
  const announced = Number(c.req.header('content-length') ?? 0)
  if (announced > maxBytes) throw tooLarge(maxBytes)
  const { incoming } = (c.env ?? {}) as { incoming?: unknown }
  if (incoming instanceof IncomingMessage) return decode(await readIncoming(incoming, maxBytes))
  const body = c.req.raw.body
  return body === null ? '' : decode(await readPieces(body as unknown as AsyncIterable<Uint8Array>, maxBytes))
}

/** As Node has it: the web's copy of a small body would cost as much as its JSON, and a stream of it ten times as much. */
function readIncoming(incoming: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  let size = 0
  return new Promise<Uint8Array>((resolve, reject) => {
    const take = (chunk: Buffer) => {
      size += chunk.byteLength
      chunks.push(chunk)
      if (size <= maxBytes) return
      incoming.off('data', take).pause()
      reject(tooLarge(maxBytes))
    }
    const cut = (cause?: unknown) => {
      if (!incoming.readableEnded) reject(cutOff(cause))
    }
    incoming.on('data', take)
    incoming.once('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)))
    incoming.once('error', cut).once('close', cut)
    if (incoming.destroyed) cut()
  })
}

/** The app is called without a server, as in tests. */
async function readPieces(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of body) {
      size += chunk.byteLength
      if (size > maxBytes) throw tooLarge(maxBytes)
      chunks.push(chunk)
    }
  } catch (error) {
    throw error instanceof AppError ? error : cutOff(error)
  }
  return Buffer.concat(chunks)
}

/** The client has gone: nobody hears this, but log and figures shall not speak of a fault of ours. */
const cutOff = (cause?: unknown) =>
  new AppError('malformed', 'The body ended before it was whole.', { cause })

const utf8 = new TextDecoder('utf-8', { fatal: true })

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch {
    throw new AppError('malformed', 'The body is not UTF-8.')
  }
}

const tooLarge = (bytes: number) =>
  new AppError('too_large', `The body is larger than ${bytes / maxBodyBytes} MB.`, {
    hint: 'Send it in several requests.',
  })

function isTooDeep(value: unknown, depth = 1): boolean {
  if (depth > maxDepth) return true
  if (typeof value !== 'object' || value === null) return false
  return Object.values(value).some((inner) => isTooDeep(inner, depth + 1))
}
