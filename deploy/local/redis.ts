import { mkdirSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import type { Part } from './part.ts'

/** Redis or Valkey, in memory only: it holds nothing that must last. The password stands in a file, not in `ps`. */
export function redisPart(options: { home: string; program: string; port: number; password: string }): Part {
  const folder = join(options.home, 'redis')
  const config = join(folder, 'redis.conf')
  const prepare = async () => {
    mkdirSync(folder, { recursive: true })
    const lines = [
      ...['bind 127.0.0.1', `port ${options.port}`, `requirepass ${options.password}`, `dir ${folder}`],
      ...['save ""', 'appendonly no', 'maxmemory 64mb', 'maxmemory-policy noeviction', 'daemonize no'],
    ]
    writeFileSync(config, lines.join('\n') + '\n', { mode: 0o600 })
  }
  return {
    name: 'redis',
    ground: true,
    prepare,
    command: () => ({ file: options.program, args: [config], cwd: folder }),
    ready: () => ping(options.port, options.password),
    stopSignal: 'SIGTERM',
    graceMs: 5_000,
    address: `127.0.0.1:${options.port}`,
  }
}

function ping(port: number, password: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' })
    let answer = ''
    const done = (ok: boolean) => {
      socket.destroy()
      resolve(ok)
    }
    socket.setTimeout(1000, () => done(false))
    socket.once('error', () => done(false))
    socket.once('connect', () => socket.write(`AUTH ${password}\r\nPING\r\n`))
    socket.on('data', (part) => {
      answer += part.toString('utf8')
      if (answer.includes('+PONG')) done(true)
      if (answer.includes('-')) done(false)
    })
  })
}
