import { setTimeout as sleep } from 'node:timers/promises'
import type { Command } from 'commander'
import type { Context } from '../context.ts'
import { withAdmin } from '../context.ts'
import { table } from '../format.ts'
import { findStuck, type Lag, readLag } from '../lag.ts'

/** `lag [--check SECONDS]`: how far each consumer is behind, and whether one has stopped for good. */
export function lagCommand(lag: Command, context: () => Context, fail: () => void): void {
  lag
    .description('how far each consumer is behind')
    .option('--json', 'as JSON')
    .option('--check <seconds>', 'look twice; exit 1 when a consumer has stopped', Number)
    .action(async ({ json, check }: { json?: true; check?: number }) => {
      const { print, signal } = context()
      const { before, now } = await withAdmin(context(), async (admin) => {
        const first = await readLag(admin)
        if (check === undefined) return { before: first, now: first }
        await sleep(check * 1000, undefined, { signal })
        return { before: first, now: await readLag(admin) }
      })
      const stuck = check === undefined ? [] : findStuck(before, now)
      print(json ? JSON.stringify(check === undefined ? now : { lag: now, stuck }) : lagTable(now))
      if (!json) {
        for (const { group, topic, reason } of stuck) {
          print(`${group} on ${topic}: ${reason}; restart the sidecar of ${group}`)
        }
      }
      if (stuck.length > 0) fail()
    })
}

const lagTable = (rows: Lag[]): string =>
  table([
    ['GROUP', 'TOPIC', 'STATE', 'MEMBERS', 'LAG'],
    ...rows.map(({ group, topic, state, members, lag }) => [group, topic, state, members, lag]),
  ])
