import type { Command } from 'commander'
import type { Context } from '../context.ts'
import { recordLine } from '../format.ts'
import { type BusRecord, readTopic } from '../read.ts'

/** `tail TOPIC`: events as they come, one line each, or all of each with `--json`. */
export function tailCommand(tail: Command, context: () => Context): void {
  tail
    .description('show the events of a topic as they come')
    .argument('<topic>', 'task-events, notification-events or a dead-letter topic')
    .option('--from-beginning', 'start with the oldest that is kept')
    .option('--to-end', 'stop after what is there now')
    .option('--json', 'one JSON object a line, with key, headers and the whole event')
    .action(async (topic: string, flags: { fromBeginning?: true; toEnd?: true; json?: true }) => {
      const { kafka, signal, print } = context()
      const show = (record: BusRecord) => {
        const { value, ...rest } = record
        print(flags.json ? JSON.stringify(record.event ? rest : { ...rest, value }) : recordLine(record))
      }
      const fromBeginning = flags.fromBeginning ?? flags.toEnd ?? false
      await readTopic(kafka, topic, { fromBeginning, toEnd: flags.toEnd ?? false, signal }, show)
    })
}
