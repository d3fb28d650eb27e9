import { cliConfig } from '../shared/config.ts'
import { candidates } from './completion/candidates.ts'
import type { GlobalFlags } from './context.ts'
import { createContext, placeOf } from './create-context.ts'
import { daemonStatus } from './daemon.ts'
import { shellWords } from './shell-words.ts'
import type { Terminal } from './terminal.ts'

const timeoutSec = '1'
const flags = {
  json: undefined,
  ndjson: false,
  csv: false,
  quiet: false,
  color: false,
  yes: false,
  input: false,
  dryRun: false,
  context: undefined,
  timeout: timeoutSec,
  pager: false,
  jq: undefined,
  template: undefined,
} satisfies GlobalFlags

/**
 * What a shell asks for at each TAB. It is given the line up to the cursor; it never fails, starts no daemon and says
 * nothing when there is nothing to say.
 */
export async function complete(line: string, terminal: Terminal, version: string): Promise<number> {
  const isOpen = /\s$/.test(line)
  const [, ...words] = shellWords(line) ?? shellWords(`${line}"`) ?? shellWords(`${line}'`) ?? []
  const last = isOpen ? '' : (words.pop() ?? '')
  const place = placeOf(cliConfig(), version)
  const { paths } = place
  const context = createContext(terminal, place, flags)
  const isThere = async () => context.target() !== null || (await daemonStatus(paths)) !== null
  const send: typeof context.send = async (request) =>
    (await isThere()) ? context.send(request) : { status: 503, headers: {}, body: '' }
  try {
    const found = await candidates({ send, paths }, words, last)
    terminal.stdout.write(found.map(([value, meaning]) => `${value}\t${meaning}\n`).join(''))
  } catch {
    // Whoever is typing will meet the reason when the command runs.
  } finally {
    await context.close('complete')
  }
  return 0
}
