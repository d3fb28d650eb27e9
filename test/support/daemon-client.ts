import { connectDaemon } from '../../cli/daemon.ts'
import { cliConfig, homePaths } from '../../shared/config.ts'
import { AppError } from '../../shared/errors.ts'
import { readVersion } from '../../shared/version.ts'

// A command as short as can be: `node daemon-client.ts METHOD PATH [BODY [TIMEOUT_MS]]`, one request to the local daemon. Prints
// `{status, body}`, or `{error, hint}` and exits with 1.

const [method, path, body = '', timeout] = process.argv.slice(2) as [string, string, ...string[]]

async function request(): Promise<{ status: number; body: unknown }> {
  const config = cliConfig()
  const limit = timeout === undefined ? {} : { timeoutMs: Number(timeout) }
  const socket = await connectDaemon({ config, paths: homePaths(config), version: readVersion(), ...limit })
  const type = body === '' ? '' : 'content-type: application/json\r\n'
  const length = `content-length: ${Buffer.byteLength(body)}\r\n`
  socket.write(
    `${method} ${path} HTTP/1.1\r\nhost: local\r\nconnection: close\r\n${type}${length}\r\n${body}`,
  )
  let answer = ''
  for await (const chunk of socket.setEncoding('utf8')) answer += chunk
  const [head = '', content = ''] = answer.split('\r\n\r\n')
  return { status: Number(head.split(' ')[1]), body: content === '' ? null : JSON.parse(content) }
}

try {
  process.stdout.write(JSON.stringify(await request()))
} catch (error) {
  process.exitCode = 1
  const hint = error instanceof AppError ? error.hint : undefined
  process.stdout.write(JSON.stringify({ error: (error as Error).message, hint }))
}
