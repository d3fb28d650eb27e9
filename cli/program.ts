import { cliConfig, homePaths } from '../shared/config.ts'
import { AppError } from '../shared/errors.ts'
import { suggest } from '../shared/suggest.ts'
import type { AnyVerb } from './command.ts'
import { aliases, commands } from './commands.ts'
import type { GlobalFlags } from './context.ts'
import { type Connection, createContext, type Place, placeOf } from './create-context.ts'
import { connectAhead } from './daemon/ahead.ts'
import { describeError, errorObject, exitCodes, Interrupted, interrupted, usage } from './errors.ts'
import { pickedFields } from './fields.ts'
import { createFlags, type FlagSet, parseFlags } from './flags.ts'
import { nounHelp, rootHelp, verbHelp } from './help.ts'
import type { Reshaped } from './reshape.ts'
import { route } from './route.ts'
import type { Terminal } from './terminal.ts'

/** Where commands come from and what they speak through; `connection` is another command's, to be used again. */
type Setting = {
  terminal: Terminal
  version: string
  connection: Connection | undefined
  place?: Place
  isShortcut?: boolean
}

/** Runs one command line and answers its exit code: the only door from a failure to a code. */
export async function run(
  argv: string[],
  terminal: Terminal,
  version: string,
  connection?: Connection,
): Promise<number> {
  try {
    return await dispatch(argv, { terminal, version, connection })
  } catch (error) {
    if (error instanceof Interrupted) return interrupted
    const known = error instanceof AppError ? error : bug(error)
    const wantsJson = argv.some((word) => /^--(json(=.*)?|ndjson)$/.test(word))
    terminal.stderr.write(wantsJson ? JSON.stringify(errorObject(known)) + '\n' : describeError(known))
    return exitCodes[known.code]
  }
}

async function dispatch(argv: string[], setting: Setting): Promise<number> {
  const { terminal, version } = setting
  if (argv[0] === '__complete') {
    const { complete } = await import('./complete.ts')
    return complete(argv[1] ?? '', terminal, version)
  }
  const { name, words, wantsHelp, wantsVersion } = route(argv, commands, aliases)
  if (wantsVersion) {
    terminal.stdout.write(`todo ${version}\n`)
    return 0
  }
  if (name === undefined) {
    if (wantsHelp) {
      terminal.stdout.write(rootHelp(commands))
      return 0
    }
    const bare = isBoardPlace(terminal) ? 'board' : 'list'
    return runVerb(bare, await loadVerb(bare), words, setting)
  }
  const entry = commands[name]
  if (entry === undefined) return runShortcut(name, words, setting, wantsHelp)
  if ('load' in entry) {
    if (wantsHelp || setting.connection !== undefined)
      return runVerb(name, await entry.load(), words, setting, wantsHelp)
    const place = placeOf(cliConfig(), version)
    const ahead = await connectAhead(place)
    return runVerb(name, await entry.load(), words, { ...setting, place: { ...place, ahead } })
  }
  const noun = await entry.noun()
  if (name === 'context' && !wantsHelp) await refuseFocus(words)
  const { name: given, words: rest } = route(words, noun.verbs, nounAliases)
  if ((wantsHelp && given === undefined) || given === 'help') {
    terminal.stdout.write(await nounHelp(name, noun))
    return 0
  }
  const verbName = given ?? noun.bare
  const load = noun.verbs[verbName]
  if (load === undefined)
    throw unknown(verbName, Object.keys(noun.verbs), `todo ${name} command`, `todo ${name}`)
  return runVerb(`${name} ${verbName}`, await load(), rest, setting, wantsHelp)
}

/** `todo` alone is the board where one can be drawn and typed on, the list elsewhere. */
const isBoardPlace = (terminal: Terminal): boolean =>
  terminal.stdout.isTTY === true && terminal.isInteractive && !cliConfig().isDumb

/** An alias or a view of the user. It stands for words that are read once: they name no further one. */
async function runShortcut(
  name: string,
  words: string[],
  setting: Setting,
  wantsHelp: boolean,
): Promise<number> {
  const { expand, shortcutNames } = await import('./shortcuts.ts')
  const paths = homePaths(cliConfig())
  const argv = expand(paths, name, setting.isShortcut === true)
  if (argv !== null) {
    const help = wantsHelp ? ['--help'] : []
    return dispatch([...argv, ...words, ...help], { ...setting, isShortcut: true })
  }
  const known = [...Object.keys(commands), ...Object.keys(aliases), ...shortcutNames(paths)]
  const { foreignHint } = await import('./foreign-commands.ts')
  const hint = foreignHint(name, words)
  if (hint !== undefined) throw usage(`Unknown command ${JSON.stringify(name)}.`, hint)
  throw unknown(name, known, 'command', 'todo', `To add a task: \`todo add ${[name, ...words].join(' ')}\`.`)
}

/** `context +work` is what others call the focus. */
async function refuseFocus([word = '']: string[]): Promise<void> {
  const { isFocusWord } = await import('./foreign-commands.ts')
  if (!isFocusWord(word)) return
  throw usage('A context is a server here.', `What you work on is the focus: \`todo focus ${word}\`.`)
}

/** The same words for every noun. */
const nounAliases: Record<string, string> = { ls: 'list', remove: 'rm', delete: 'rm', create: 'add' }

async function loadVerb(name: string): Promise<AnyVerb> {
  const entry = commands[name]!
  if (!('load' in entry)) throw new Error(`${name} is no verb`)
  return entry.load()
}

async function runVerb(
  name: string,
  verb: AnyVerb,
  words: string[],
  { terminal, version, connection, place = placeOf(cliConfig(), version) }: Setting,
  wantsHelp = false,
): Promise<number> {
  const flags = createFlags()
  verb.define?.(flags)
  addGlobalFlags(flags)
  if (wantsHelp) {
    terminal.stdout.write(verbHelp(name, verb, flags))
    return 0
  }
  const end = words.indexOf('--')
  const flagged = end < 0 ? words : words.slice(0, end)
  const literal = end < 0 ? [] : words.slice(verb.keepsDashes ? end : end + 1)
  const parsed = parseFlags(flags, verb.prepare ? verb.prepare(flagged) : flagged, name)
  const options = parsed.options as GlobalFlags
  pickedFields(options.json, verb.fields)
  const shaped = await shapedTerminal(terminal, options)
  const context = createContext(shaped?.terminal ?? terminal, place, options, connection)
  try {
    const code = (await verb.run(context, [...parsed.words, ...literal], options as never)) ?? 0
    shaped?.finish()
    return code
  } finally {
    await context.close(name)
  }
}

/** `--jq` and `--template` work on the JSON of the answer. */
async function shapedTerminal(terminal: Terminal, flags: GlobalFlags): Promise<Reshaped | null> {
  if (flags.jq === undefined && flags.template === undefined) return null
  if (flags.jq !== undefined && flags.template !== undefined)
    throw usage('--jq and --template exclude each other.', 'Use one of them.')
  if (flags.json === undefined && !flags.ndjson) flags.json = ''
  const { reshape } = await import('./reshape.ts')
  return reshape(terminal, flags)
}

function addGlobalFlags(flags: FlagSet): void {
  flags
    .option('--json [fields]', 'print JSON; name fields to pick some')
    .option('--ndjson', 'print one JSON object a line', false)
    .option('--csv', 'print CSV with a header', false)
    .option('-q, --quiet', 'print ids only', false)
    .option('--jq <expression>', 'print what this jq expression makes of the JSON')
    .option('--template <text>', 'print what this template makes of the JSON')
    .option('--no-pager', 'print long answers at once')
    .option('--no-color', 'no colour')
    .option('--yes', 'do not ask', false)
    .option('--no-input', 'never ask, fail instead')
    .option('--dry-run', 'show what would change, change nothing', false)
    .option('--context <name>', 'use this context')
    .option('--timeout <seconds>', 'give up after so long')
}

/** `instead` is for words that are near to none. */
function unknown(
  word: string,
  known: string[],
  what: string,
  prefix: string,
  instead = `See \`${prefix} --help\`.`,
): AppError {
  const near = suggest(word, known)
  const shown = word.length > 80 ? `${word.slice(0, 80)}…` : word
  return usage(
    `Unknown ${what} ${JSON.stringify(shown)}.`,
    near ? `Did you mean \`${prefix} ${near}\`?` : instead,
  )
}

/** A failure that nobody foresaw. The stack is for those who ask with TODO_DEBUG. */
function bug(error: unknown): AppError {
  const { debug } = cliConfig()
  const detail =
    error instanceof Error ? (debug ? (error.stack ?? error.message) : error.message) : String(error)
  return new AppError('internal', detail, {
    hint: debug
      ? 'This is a bug; please report it with the lines above.'
      : 'This is a bug; TODO_DEBUG=1 shows where.',
    cause: error,
  })
}
