import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Verb } from '../command.ts'
import { explain, parseFilterWords } from '../filter.ts'
import type { FlagSet } from '../flags.ts'
import { focusFile, focusOf } from '../focus.ts'
import { changeSettings } from '../settings.ts'
import { filterMarks } from '../task-filter.ts'

export const focus: Verb<{ here?: boolean }> = {
  summary: 'Work on a part only: lists show it, what is added belongs to it',
  usage: '[filter words | none] [--here]',
  examples: [
    ['todo focus +work', 'from now on only what is tagged work; add tags it so'],
    ['todo focus --here project:api', `in this folder and below (writes ${focusFile})`],
    ['todo focus', 'what it is now, and from where'],
    ['todo focus none', 'everything again'],
    ['TODO_FOCUS=none todo list', 'everything, once'],
  ],
  define: (flags: FlagSet) => {
    flags.option('--here', 'for this folder and those below')
  },
  prepare: filterMarks,
  run: async (context, words, { here }) => {
    const { out, paths, flags } = context
    const dates = { now: context.now(), timeZone: context.timeZone() }
    const text = words.join(' ').trim()
    const isNone = text === 'none'
    if (text !== '' && !isNone) parseFilterWords([text], dates)
    if (text !== '' && !flags.dryRun) {
      if (here) writeHere(isNone ? null : text)
      else changeSettings(paths, (tree) => void (isNone ? delete tree.focus : (tree.focus = text)))
    }
    const now = focusOf(context)
    if (now === null) out.value(null, 'No focus: lists show everything.\n')
    else {
      const { text: filter, from, tags, project } = now
      const words = explain(now.filter, dates)
      out.value({ filter, from, tags, project: project ?? null }, `${filter} (${words}), from ${from}\n`)
    }
    return undefined
  },
}

function writeHere(text: string | null): void {
  const file = join(process.cwd(), focusFile)
  if (text === null) rmSync(file, { force: true })
  else writeFileSync(file, `${text}\n`)
}
