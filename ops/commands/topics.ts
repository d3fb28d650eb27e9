import type { Command } from 'commander'
import type { Context } from '../context.ts'
import { withAdmin } from '../context.ts'
import { table } from '../format.ts'
import { applyTopics, diffTopics, plannedTopics, type TopicDrift } from '../topics.ts'

/** `topics apply|diff|list`: the one declared list against the broker. */
export function topicsCommand(topics: Command, context: () => Context, fail: () => void): void {
  topics.description('the declared topics and what the broker has')
  topics
    .command('list')
    .description('what is declared')
    .action(() => {
      const rows = plannedTopics.map(({ name, partitions, config }) => [
        ...[name, partitions],
        Object.entries(config)
          .map(([key, value]) => `${key}=${value}`)
          .join(' '),
      ])
      context().print(table(rows))
    })
  topics
    .command('diff')
    .description('what differs; exit 1 when something does')
    .option('--json', 'as JSON')
    .action(async ({ json }: { json?: true }) => {
      const drift = await withAdmin(context(), (admin) => diffTopics(admin))
      context().print(json ? JSON.stringify(drift) : drift.length === 0 ? 'no difference' : driftTable(drift))
      if (drift.length > 0) fail()
    })
  topics
    .command('apply')
    .description('create what is missing, set what differs; never changes partitions')
    .option('--replication-factor <n>', "copies of each new topic; default: the broker's own", Number, -1)
    .action(async ({ replicationFactor }: { replicationFactor: number }) => {
      const { print } = context()
      const result = await withAdmin(context(), (admin) => applyTopics(admin, { replicationFactor }))
      for (const name of result.created) print(`created  ${name}`)
      for (const name of result.changed) print(`changed  ${name}`)
      if (result.created.length + result.changed.length + result.refused.length === 0) print('nothing to do')
      if (result.refused.length === 0) return
      print(`left alone, as more partitions would move keys and break the order of events:`)
      print(driftTable(result.refused))
      fail()
    })
}

const driftTable = (drift: TopicDrift[]): string =>
  table([
    ['TOPIC', 'WHAT', 'WANTED', 'FOUND'],
    ...drift.map(({ topic, what, wanted, found }) => [topic, what, wanted, found]),
  ])
