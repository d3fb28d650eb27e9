import { createReadStream, statSync } from 'node:fs'
import type { Command } from 'commander'
import type { ImportReport } from '../../shared/api/transfer.ts'
import { toError } from '../../shared/api-client.ts'
import { AppError, type FieldError } from '../../shared/errors.ts'
import { tellFailures } from '../bulk.ts'
import type { Verb } from '../command.ts'
import type { Context } from '../context.ts'
import { usage } from '../errors.ts'
import { formats, guessFormat } from '../formats/find-format.ts'
import type { ReadItem } from '../formats/format.ts'
import { formatContext } from '../formats/format-context.ts'
import { formatNamed, formatNames } from '../formats/format-names.ts'
import { createProgress, type Progress } from '../progress.ts'

type Flags = { format?: string; skipBad?: boolean }

const patienceMs = 600_000
const pieceLength = 64 * 1024
const toldFaults = 50

export const importVerb: Verb<Flags> = {
  summary: 'Import tasks from a file',
  usage: '[file, or - for stdin] [flags]',
  examples: [
    ['todo import backup.json', 'what `todo export` wrote; again changes nothing'],
    ['task export | todo import --format taskwarrior -', 'from Taskwarrior'],
    ['todo import ~/todo.txt', 'the format is known by name and content'],
    ['todo import tasks.csv --dry-run', 'see whether all of it is good'],
    ['todo undo', 'one undo takes a whole import back'],
  ],
  define: (command: Command) => {
    command
      .option('-f, --format <name>', formatNames.join(', '))
      .option('--skip-bad', 'leave out what cannot be imported, instead of everything')
  },
  run: async (context, words, flags) => {
    if (words.length > 1) throw usage('import takes one file.', 'Join them: `cat *.ndjson | todo import -`.')
    const [file = '-'] = words
    const source = openSource(context, file)
    const pieces = await begin(source.pieces)
    const name = flags.format === undefined ? guessFormat(file, pieces.first) : formatNamed(flags.format)
    const format = await formats[name]!()
    const progress = createProgress(context, 'Importing', source.bytes)
    const items = format.read(counted(pieces.all, progress), formatContext(context))
    const faults: FieldError[] = []
    const body = recordLines(items, faults, flags.skipBad === true, progress)
    const report = await send(context, body, flags).finally(progress.end)
    return tell(context, report, faults)
  },
}

type Source = { pieces: AsyncIterable<string>; bytes: number | null }

function openSource({ terminal }: Context, file: string): Source {
  if (file === '-') {
    const { stdin } = terminal
    if ('isTTY' in stdin && stdin.isTTY)
      throw usage(
        'import reads a file or a pipe, but stdin is a terminal.',
        'Name a file: `todo import tasks.json`.',
      )
    return { pieces: decoded(stdin as AsyncIterable<Buffer | string>), bytes: null }
  }
  const stat = statSync(file, { throwIfNoEntry: false })
  if (!stat?.isFile()) {
    throw new AppError('not_found', `There is no file ${JSON.stringify(file)}.`, {
      hint: 'Name a file that is there, or - for stdin.',
    })
  }
  return { pieces: decoded(createReadStream(file)), bytes: stat.size }
}

async function* decoded(chunks: AsyncIterable<Buffer | string>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  for await (const chunk of chunks) {
    yield typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true })
  }
  yield decoder.decode()
}

/** The first piece, to know the format by, and all of them with it. */
async function begin(pieces: AsyncIterable<string>): Promise<{ first: string; all: AsyncIterable<string> }> {
  const iterator = pieces[Symbol.asyncIterator]()
  const { value: first = '', done } = await iterator.next()
  async function* all(): AsyncGenerator<string> {
    yield first
    if (!done) yield* { [Symbol.asyncIterator]: () => iterator }
  }
  return { first, all: all() }
}

async function* counted(pieces: AsyncIterable<string>, progress: Progress): AsyncGenerator<string> {
  for await (const piece of pieces) {
    progress.bytes(Buffer.byteLength(piece))
    yield piece
  }
}

/** Faults are gathered to the end of the file; then nothing is imported, because the body breaks off. */
async function* recordLines(
  items: AsyncIterable<ReadItem>,
  faults: FieldError[],
  skipBad: boolean,
  progress: Progress,
): AsyncGenerator<string> {
  let held = ''
  for await (const item of items) {
    if ('fault' in item) {
      faults.push({ pointer: `/${item.line}`, code: 'malformed', message: item.fault })
      continue
    }
    if (faults.length > 0 && !skipBad) continue
    progress.count()
    held += `${JSON.stringify({ ...item.record, line: item.line })}\n`
    if (held.length < pieceLength) continue
    yield held
    held = ''
  }
  if (faults.length > 0 && !skipBad) throw bad(faults)
  yield held
}

const mend = 'Nothing was imported. Mend them, or leave them out with --skip-bad.'

const bad = (faults: FieldError[]) =>
  new AppError('invalid', `Nothing was imported: ${faults.length} of the records cannot be read.`, {
    fields: faults.slice(0, toldFaults).map(({ pointer, message, ...fault }) => ({
      ...fault,
      pointer: '',
      message: `line ${pointer.slice(1)}: ${message}`,
    })),
    hint: mend,
    reason: 'bad_records',
  })

async function send(
  { open, flags }: Context,
  body: AsyncIterable<string>,
  own: Flags,
): Promise<ImportReport> {
  const query = [...(flags.dryRun ? ['dry_run=true'] : []), ...(own.skipBad ? ['skip_bad=true'] : [])].join(
    '&',
  )
  const answer = await open({
    method: 'POST',
    path: `/api/me/import${query && `?${query}`}`,
    headers: { accept: 'application/json', 'content-type': 'application/x-ndjson' },
    body,
    patienceMs,
  })
  const chunks: Uint8Array[] = []
  for await (const chunk of answer.body) chunks.push(chunk)
  const text = Buffer.concat(chunks).toString('utf8')
  if (answer.status < 400) return JSON.parse(text) as ImportReport
  throw withLines(toError({ ...answer, body: text }))
}

/** Says of each fault in which line of the file it is. */
function withLines(error: AppError): AppError {
  if (error.reason !== 'bad_records') return error
  const fields = error.fields.map(({ pointer, message, ...fault }) => {
    const [, line = '', field = ''] = pointer.split('/')
    return { ...fault, pointer: '', message: `line ${line}: ${field} ${message}`.replace('  ', ' ') }
  })
  return new AppError('invalid', error.message, {
    fields,
    hint: mend,
    reason: 'bad_records',
  })
}

function tell(context: Context, report: ImportReport, faults: FieldError[]): number {
  const { out, flags } = context
  const { tasks, templates, unchanged } = report
  const left = [
    ...faults.map(({ pointer, message }) => ({ line: Number(pointer.slice(1)), message })),
    ...report.bad.map(({ line, pointer, message }) => ({
      line,
      message: `${pointer.slice(1)} ${message}`.trim(),
    })),
  ]
  tellFailures(
    context,
    left
      .slice(0, toldFaults)
      .map(({ line, message }) => ({ of: { line }, error: new AppError('invalid', message) })),
  )
  const badCount = report.bad_count + faults.length
  const number = (count: number, what: string) =>
    `${count.toLocaleString('en-US')} ${what}${count === 1 ? '' : 's'}`
  const parts = [
    number(tasks, 'task'),
    ...(templates > 0 ? [number(templates, 'recurring template')] : []),
  ].join(' and ')
  const rest = [
    ...(unchanged > 0 ? [`${unchanged.toLocaleString('en-US')} were there already`] : []),
    ...(badCount > 0 ? [`${badCount.toLocaleString('en-US')} left out`] : []),
  ]
  if (out.mode !== 'text' && out.mode !== 'quiet') out.value({ ...report, bad_count: badCount }, '')
  out.note(
    `${flags.dryRun ? 'Would import' : 'Imported'} ${parts}${rest.length > 0 ? `; ${rest.join(', ')}` : ''}.\n`,
  )
  return badCount > 0 ? 1 : 0
}
