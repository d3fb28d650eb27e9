import type { Command } from 'commander'
import { createDaprBus } from '../../shared/dapr/bus.ts'
import { AppError } from '../../shared/errors.ts'
import type { Context } from '../context.ts'
import { withAdmin } from '../context.ts'
import { type DeadTopic, deadTopics, type Letter, listLetters, markReplayed, replayLetters } from '../dead.ts'
import { recordLine } from '../format.ts'

/** `dead list|show|replay`: what consumers could not handle. */
export function deadCommand(dead: Command, context: () => Context, fail: () => void): void {
  dead.description('dead letters: events that a consumer could not handle')
  dead
    .command('list')
    .description('the letters of all dead-letter topics, or of one')
    .argument('[topic]')
    .option('--json', 'one JSON object a line')
    .option('--all', 'also those that were replayed')
    .action(async (topic: string | undefined, flags: { json?: true; all?: true }) => {
      const { print } = context()
      for (const { name } of topic === undefined ? deadTopics : [findTopic(topic)]) {
        const letters = (await lettersOf(context(), name)).filter((letter) => flags.all || !letter.replayed)
        if (!flags.json) print(`${name}: ${letters.length}`)
        for (const letter of letters) print(flags.json ? JSON.stringify(letter) : `  ${letterLine(letter)}`)
      }
    })
  dead
    .command('show')
    .description('one letter with its key, headers and event')
    .argument('<topic>')
    .argument('<place>', 'partition:offset, as list prints it')
    .action(async (topic: string, place: string) => {
      const letter = findLetter(await lettersOf(context(), findTopic(topic).name), place)
      const { value, ...rest } = letter
      context().print(JSON.stringify(letter.event ? rest : { ...rest, value }, null, 2))
    })
  dead
    .command('replay')
    .description('publish letters again where they came from, through the sidecar of the server')
    .argument('<topic>')
    .argument('[place]', 'one letter (partition:offset); without it all that were not replayed yet')
    .option('--dry-run', 'say what would be published')
    .action((topic: string, place: string | undefined, { dryRun }: { dryRun?: true }) =>
      replay(context(), findTopic(topic), place, dryRun ?? false, fail),
    )
}

async function replay(
  context: Context,
  { name, origin }: DeadTopic,
  place: string | undefined,
  dryRun: boolean,
  fail: () => void,
): Promise<void> {
  const { config, print, signal } = context
  const letters = await lettersOf(context, name)
  const chosen =
    place === undefined ? letters.filter((letter) => !letter.replayed) : [findLetter(letters, place)]
  if (dryRun) {
    for (const letter of chosen) print(letterLine(letter))
    print(`would publish ${chosen.length} on ${origin}`)
    return
  }
  const bus = createDaprBus({
    sidecar: config.sidecar,
    apiToken: config.daprApiToken,
    topicFor: () => origin,
  })
  const { published, unreadable, failed } = await replayLetters(bus, chosen, signal).finally(bus.close)
  print(
    `published ${published} on ${origin}${unreadable > 0 ? `, left ${unreadable} that are no CloudEvents` : ''}`,
  )
  if (failed) {
    print(`stopped at ${failed.letter.partition}:${failed.letter.offset}: ${failed.error}`)
    return fail()
  }
  if (place === undefined) await withAdmin(context, (admin) => markReplayed(admin, name, chosen))
}

const lettersOf = (context: Context, topic: string): Promise<Letter[]> =>
  withAdmin(context, (admin) => listLetters(context.kafka, admin, topic, context.signal))

const letterLine = (letter: Letter): string => recordLine(letter) + (letter.replayed ? '  replayed' : '')

function findTopic(name: string): DeadTopic {
  const found = deadTopics.find((topic) => topic.name === name)
  if (found) return found
  const names = deadTopics.map((topic) => topic.name).join(', ')
  throw new AppError('not_found', `${name} is no dead-letter topic`, { hint: `There are ${names}.` })
}

function findLetter(letters: Letter[], place: string): Letter {
  const found = letters.find(({ partition, offset }) => `${partition}:${offset}` === place)
  if (found) return found
  throw new AppError('not_found', `There is no letter at ${place}`, {
    hint: '`dead list` prints the places.',
  })
}
