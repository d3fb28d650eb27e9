import { connect, type Socket } from 'node:net'

/** One request on the wire; a new one for each call, because a body may differ each time. */
export type MakeRequest = (n: number) => Buffer

export type Load = { rps: number; latencies: number[] }

export const requestText = (
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body = '',
): Buffer => {
  const lines = Object.entries({ host: 'localhost', ...headers, 'content-length': Buffer.byteLength(body) })
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${head}\r\n${body}`)
}

type Connection = { ask: (request: Buffer) => Promise<void>; close: () => void }

/** A connection kept alive, one request at a time. It reads just as much of HTTP as the servers here speak. */
async function open(port: number): Promise<Connection> {
  const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true })
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  let parts: Buffer[] = []
  let missing = -1
  let done: PromiseWithResolvers<void> | undefined
  const finish = (status: number, head: string) => {
    parts = []
    missing = -1
    const waiting = done
    done = undefined
    if (status >= 200 && status < 300) waiting?.resolve()
    else waiting?.reject(new Error(head.slice(0, 400)))
  }
  let status = 0
  socket.on('data', (chunk) => {
    if (missing < 0) {
      parts.push(chunk)
      const all = parts.length === 1 ? chunk : Buffer.concat(parts)
      const end = all.indexOf('\r\n\r\n')
      if (end < 0) return
      const head = all.toString('latin1', 0, end)
      status = Number(head.slice(9, 12))
      const length = /content-length: (\d+)/i.exec(head)
      if (length === null) throw new Error(`an answer without a length: ${head}`)
      missing = Number(length[1]) - (all.length - end - 4)
      if (missing === 0 || status >= 300) finish(status, all.toString())
      return
    }
    missing -= chunk.length
    if (missing === 0) finish(status, '')
  })
  socket.on('close', () => done?.reject(new Error('the server closed the connection')))
  return {
    ask: (request) => {
      done = Promise.withResolvers<void>()
      socket.write(request)
      return done.promise
    },
    close: () => socket.destroy(),
  }
}

/** One request on a connection of its own; resolves with the status, whatever it is. */
export async function ask(port: number, request: Buffer): Promise<number> {
  const socket = connect({ port, host: '127.0.0.1' })
  socket.write(request)
  for await (const chunk of socket) {
    socket.destroy()
    return Number((chunk as Buffer).toString('latin1', 9, 12))
  }
  throw new Error('the server closed the connection without an answer')
}

/** As fast as so many connections go, each asking again as soon as it has its answer. */
export async function closedLoop(
  port: number,
  make: MakeRequest,
  { connections, ms }: { connections: number; ms: number },
): Promise<Load> {
  const open_ = await Promise.all(Array.from({ length: connections }, () => open(port)))
  const latencies: number[] = []
  const begin = performance.now()
  let n = 0
  await Promise.all(
    open_.map(async (connection) => {
      while (performance.now() - begin < ms) {
        const asked = performance.now()
        await connection.ask(make(n++))
        latencies.push(performance.now() - asked)
      }
    }),
  )
  const seconds = (performance.now() - begin) / 1000
  for (const connection of open_) connection.close()
  return { rps: latencies.length / seconds, latencies }
}

/**
 * At a steady rate, whatever the answers do: the time counts from when a request was due, not from when it was sent. A
 * request that finds all connections busy waits for one, and that counts too.
 */
export async function openLoop(
  port: number,
  make: MakeRequest,
  { rate, ms }: { rate: number; ms: number },
): Promise<Load> {
  const all = await Promise.all(Array.from({ length: 64 }, () => open(port)))
  const idle = [...all]
  const queue: ((connection: Connection) => void)[] = []
  const latencies: number[] = []
  const one = async (n: number, due: number) => {
    const connection = idle.pop() ?? (await new Promise<Connection>((resolve) => queue.push(resolve)))
    await connection.ask(make(n))
    latencies.push(performance.now() - due)
    const next = queue.shift()
    if (next === undefined) idle.push(connection)
    else next(connection)
  }
  const running: Promise<void>[] = []
  const begin = performance.now()
  for (let n = 0; n < (rate * ms) / 1000; n += 1) {
    const due = begin + (n * 1000) / rate
    const early = due - performance.now()
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early))
    running.push(one(n, due))
  }
  await Promise.all(running)
  for (const connection of all) connection.close()
  return { rps: rate, latencies }
}
