import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

export type Environment = Record<string, string | undefined>

export type RunOptions = { input?: string; signal?: AbortSignal; env?: Environment | undefined }

/** Runs a program and answers its stdout. Throws the end of what it said on stderr when it fails. */
export function runProgram(file: string, args: string[], options: RunOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const { env, signal, input } = options
    const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'pipe'], env, signal })
    let out = ''
    let err = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text
    })
    child.stdin.on('error', () => {})
    child.stdin.end(input ?? '')
    child.once('error', reject)
    child.once('close', (code) => {
      if (code === 0) resolve(out)
      else reject(new Error(`${file} ${args.slice(0, 6).join(' ')} failed: ${lastLines(err || out)}`))
    })
  })
}

const lastLines = (text: string) => text.trim().split('\n').slice(-6).join('\n')

/** A way to one pod or Service of the cluster on this machine's loopback. */
export type Forward = {
  port: number
  close(): void
  /** Resolves when it leads nowhere any more: its pod has gone, or it was closed. */
  ended: Promise<void>
}

export type Cluster = ReturnType<typeof createCluster>

/** kubectl and Helm, pointed at one namespace of one cluster. */
export function createCluster(options: {
  context: string
  namespace: string
  env?: Environment | undefined
}) {
  const { context, namespace, env } = options
  const where = ['--context', context, '--namespace', namespace]
  const kubectl = (args: string[], more: RunOptions = {}) =>
    runProgram('kubectl', [...where, ...args], { env, ...more })
  return {
    context,
    namespace,
    kubectl,
    helm: (args: string[]) =>
      runProgram('helm', ['--kube-context', context, '--namespace', namespace, ...args], { env }),
    /** Brings what the YAML says into the namespace. */
    apply: (yaml: string) => kubectl(['apply', '--filename', '-'], { input: yaml }),
    /** An object by `kind/name`, or null where there is none. */
    find: async (object: string): Promise<Record<string, unknown> | null> => {
      const said = await kubectl(['get', object, '--ignore-not-found', '--output', 'json'])
      return said.trim() === '' ? null : (JSON.parse(said) as Record<string, unknown>)
    },
    /** A list of objects as kubectl's JSON has it. */
    list: async <T>(kind: string, selector = ''): Promise<T[]> => {
      const said = await kubectl(['get', kind, '--selector', selector, '--output', 'json'])
      return (JSON.parse(said) as { items: T[] }).items
    },
    rolledOut: (object: string, seconds = 120) =>
      kubectl(['rollout', 'status', object, `--timeout=${seconds}s`]),
    forward: (target: string, port: number, local = 0) => forward(where, { target, port, local, env }),
  }
}

/** Resolves when kubectl says on which port it listens. */
function forward(
  where: string[],
  to: { target: string; port: number; local: number; env: Environment | undefined },
): Promise<Forward> {
  const ports = `${to.local === 0 ? '' : to.local}:${to.port}`
  const child = spawn('kubectl', [...where, 'port-forward', '--address', '127.0.0.1', to.target, ports], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: to.env,
  })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  return new Promise((resolve, reject) => {
    let err = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text
    })
    child.once('error', reject)
    child.once('exit', () => reject(new Error(`No way to ${to.target}: ${lastLines(err)}`)))
    createInterface({ input: child.stdout }).on('line', (line) => {
      const port = /^Forwarding from 127\.0\.0\.1:(\d+)/.exec(line)?.[1]
      if (port !== undefined) resolve({ port: Number(port), ended, close: () => void child.kill() })
    })
  })
}
