import assert from 'node:assert/strict'
import { Agent, request as httpRequest, type OutgoingHttpHeaders } from 'node:http'
import type { Cli } from './cli.ts'

export type Answer = { status: number; headers: Record<string, string | string[] | undefined>; body: string }

type Sent = { body?: string | Buffer; headers?: OutgoingHttpHeaders; agent?: Agent }

/** The socket of the daemon, which is started when it does not run. */
export async function socketOf(cli: Cli): Promise<string> {
  return (await cli.json<{ socket: string }>('daemon', 'start', '--json')).socket
}

/** One request on a Unix socket; the body goes out byte for byte. */
export function request(
  socketPath: string,
  method: string,
  path: string,
  { body, headers = {}, agent }: Sent = {},
): Promise<Answer> {
  const type = body === undefined ? {} : { 'content-type': 'application/json' }
  return new Promise((resolve, reject) => {
    const options = { socketPath, method, path, headers: { ...type, ...headers }, ...(agent && { agent }) }
    const sending = httpRequest(options, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk) => chunks.push(chunk))
      response.once('error', reject)
      response.once('end', () =>
        resolve({
          status: response.statusCode!,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      )
    })
    sending.once('error', reject)
    sending.end(body)
  })
}

/** Makes tasks over the socket one after the other: `Task 1 …` and so on with long titles, ids in that order. */
export async function fill(cli: Cli, count: number): Promise<void> {
  const socket = await socketOf(cli)
  const agent = new Agent({ keepAlive: true })
  for (let n = 1; n <= count; n += 1) {
    const body = JSON.stringify({ title: `Task ${n} with some more words in its title to fill the pipe` })
    const { status } = await request(socket, 'POST', '/api/me/tasks', { body, agent })
    assert.equal(status, 201)
  }
  agent.destroy()
}
