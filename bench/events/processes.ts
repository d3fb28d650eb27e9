import { readdirSync, readFileSync } from 'node:fs'
import type { Stack } from '../../deploy/local/supervise.ts'

export type Usage = { cpuSeconds: number; megabytes: number }

/** What each part of a stack has used so far; Postgres with the processes of its sessions. Linux only. */
export function usageOf(stack: Stack): Map<string, Usage> {
  const all = readProcesses()
  return new Map(
    stack.names.flatMap((name) => {
      const pid = stack.pid(name)
      return pid === null ? [] : [[name, withChildren(pid, all)] as const]
    }),
  )
}

type Row = Usage & { pid: number; parent: number }

/** Memory of a family counts once what its members share: it is the proportional share of each. */
function withChildren(pid: number, all: Row[]): Usage {
  const family = all.filter((row) => row.pid === pid || row.parent === pid)
  return {
    cpuSeconds: family.reduce((sum, row) => sum + row.cpuSeconds, 0),
    megabytes: family.reduce((sum, row) => sum + row.megabytes, 0),
  }
}

const ticksPerSecond = 100

function readProcesses(): Row[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
        const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
        const kilobytes = Number(
          /^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${name}/smaps_rollup`, 'utf8'))?.[1] ?? 0,
        )
        const cpuSeconds = (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
        return [{ pid: Number(name), parent: Number(fields[1]), cpuSeconds, megabytes: kilobytes / 1024 }]
      } catch {
        return []
      }
    })
}
