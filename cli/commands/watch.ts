import type { Verb } from '../command.ts'
import { usage } from '../errors.ts'
import { liveEvents } from '../event-stream.ts'
import { eventFields, eventShape, eventText } from '../events.ts'
import type { FlagSet } from '../flags.ts'
import { limitOf } from '../print-tasks.ts'

export const watch: Verb<{ limit?: string; after?: string }> = {
  summary: 'Follow changes as they happen, from whichever device',
  usage: '[flags]',
  examples: [
    ['todo watch', 'a line for each change, until Ctrl-C'],
    ['todo watch --ndjson | jq .data.title', 'for scripts: an event a line'],
    ['todo watch --limit 1', 'wait for the next change, then go on'],
    ['todo watch --after 0 --ndjson', 'the whole history first, then what comes'],
  ],
  define: (flags: FlagSet) => {
    flags
      .option('-l, --limit <n>', 'end after so many')
      .option('--after <id>', 'begin behind this event; 0 is the beginning')
  },
  fields: eventFields,
  run: async (context, words, flags) => {
    if (words.length > 0) throw usage('watch takes no words.', 'Pipe it on: `todo watch --ndjson | jq …`.')
    const after = flags.after === undefined ? undefined : Number(flags.after)
    if (after !== undefined && !(Number.isSafeInteger(after) && after >= 0))
      throw usage(`--after ${flags.after} is no event's id.`, '`todo log` shows them in its first column.')
    const { out, terminal } = context
    // A stream has no end to close an array with.
    const rows = out.rows(eventShape(out.view))
    const isReader = out.mode === 'text' && terminal.stdout.isTTY === true
    const most = limitOf(flags.limit)
    const stop = new AbortController()
    let shown = 0
    for await (const event of liveEvents(context, after, stop.signal)) {
      if (isReader) out.text(eventText(event, out.view()))
      else rows.items([event])
      shown += 1
      if (shown >= most) break
    }
    rows.end()
    return undefined
  },
}
