import { createServer } from 'node:http'
import { Agent, request } from 'undici'

/** Milliseconds since 1970, finer than Date.now. */
export const exactNow = (): number => performance.timeOrigin + performance.now()

export type Recorder = {
  /** When the sidecar acknowledged each event, by its id. */
  acknowledgedAt: Map<string, number>
  close(): Promise<void>
}

/** Stands between the server and its sidecar, hands everything on and writes down when events were acknowledged. */
export async function startRecorder(sidecar: string, port: number): Promise<Recorder> {
  const acknowledgedAt = new Map<string, number>()
  const agent = new Agent()
  const server = createServer(async (asked, answer) => {
    const chunks: Buffer[] = []
    for await (const chunk of asked) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks)
    const token = asked.headers['dapr-api-token']
    try {
      const { statusCode, body: reply } = await request(`${sidecar}${asked.url}`, {
        dispatcher: agent,
        method: asked.method as 'POST',
        ...(body.length > 0 && { body }),
        headers: {
          ...(typeof token === 'string' && { 'dapr-api-token': token }),
          ...(asked.headers['content-type'] && { 'content-type': asked.headers['content-type'] }),
        },
      })
      const text = await reply.text()
      const at = exactNow()
      answer.writeHead(statusCode).end(text)
      if (statusCode < 300 && asked.url?.includes('/publish/'))
        for (const [, id] of body.toString().matchAll(/"entryId":"([^"]+)"/g)) acknowledgedAt.set(id!, at)
    } catch {
      answer.writeHead(503).end()
    }
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    acknowledgedAt,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await agent.destroy()
    },
  }
}
