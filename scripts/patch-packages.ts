import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Mends faults of packages that upstream has not released yet, in node_modules, after each installation. Every patch
 * names its issue and fails loudly when the text is no longer there: then the package has changed, and it must be
 * looked at again.
 *
 * postgres 3.4.9: a write that was put off with setImmediate runs after the connection has closed, meets a null socket
 * and ends the process (porsager/postgres#1208); a close that cancels such a write leaves its timer set, and the
 * connection never sends again (LanternOps/breeze#3225). Whoever held a connection that has closed (a transaction, a
 * reservation) would go on writing to it: to nobody, or outside of any transaction once the pool has opened it again
 * for another, and its release would hand a closed one to the pool. Both are refused from then on. A query that is sent
 * between a socket's error and its close, by whoever handles the failure of the one before, was neither answered nor
 * refused (near porsager/postgres#1142); it is refused when the close comes.
 */
const guard = `  function nextWrite(fn) {
    if (socket === null) {
      chunk = nextWriteTimer = null
      error(Errors.connection('CONNECTION_CLOSED', options, socket))
      return false
    }
`
/** The pool clears `reserved` of a connection that closes, so a holder compares it with what it was given. */
const refuse = (indent: string) =>
  `${indent}if (c.reserved !== held)\n${indent}  return q.reject(Errors.connection('CONNECTION_CLOSED', options))\n`
const held = 'const held = c.reserved\n'
const catching = '        q.catch(e => uncaughtError || (uncaughtError = e))\n'
const pushing = '      c.queue === full\n        ? queue.push(q)\n'
const releasing = '    sql.release = () => {\n'

type Patch = { file: string; changes: readonly (readonly [find: string, replace: string])[] }

const patches = ['src', 'cjs/src'].flatMap((folder): Patch[] => [
  {
    file: `postgres/${folder}/connection.js`,
    changes: [
      ['  function nextWrite(fn) {\n', guard],
      [
        '    clearImmediate(nextWriteTimer)\n',
        '    clearImmediate(nextWriteTimer), (chunk = nextWriteTimer = null)\n',
      ],
      ['    !hadError && (query || sent.length) && error(', '    ;(query || sent.length) && error('],
    ],
  },
  {
    file: `postgres/${folder}/index.js`,
    changes: [
      [releasing, `    ${held}${releasing}      if (c.reserved !== held) return\n`],
      [pushing, `${refuse('      ')}${pushing}`],
      ['      sql.savepoint = savepoint\n', `      ${held}      sql.savepoint = savepoint\n`],
      [catching, `${catching}${refuse('        ')}`],
    ],
  },
])

const modules = join(import.meta.dirname, '../node_modules')

for (const { file, changes } of patches) {
  const path = join(modules, file)
  const before = await readFile(path, 'utf8')
  let text = before
  for (const [find, replace] of changes) {
    if (text.includes(replace)) continue
    if (!text.includes(find))
      throw new Error(`${file} has changed: look at its patch in scripts/patch-packages.ts again`)
    text = text.replaceAll(find, replace)
  }
  if (text !== before) await writeFile(path, text)
}
