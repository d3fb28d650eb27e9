import type { Kubectl } from './cluster.ts'

/** kubectl as it is on this machine, pointed at a context, or at the one that it is at. */
export function createKubectl(context: string | undefined, timeoutMs: number): Kubectl {
  const { execFile } = process.getBuiltinModule('node:child_process')
  const where = context === undefined ? [] : ['--context', context]
  return (args) =>
    new Promise((resolve, reject) => {
      const options = { timeout: timeoutMs, maxBuffer: 64 * 1024 * 1024 }
      execFile('kubectl', [...where, ...args], options, (error, out, err) => {
        if (error === null) resolve(out)
        else reject(new Error(reasonOf(error, err)))
      })
    })
}

function reasonOf(error: Error & { code?: unknown; killed?: boolean }, said: string): string {
  if (error.code === 'ENOENT') return 'kubectl is not installed'
  if (error.killed === true) return 'the cluster does not answer'
  return said.trim().split('\n').at(-1) || error.message
}
