import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { eventSchemas, incompatibilities } from './event-schemas.ts'

// Writes docs/events/. Refuses what would break a reader; such a change needs a new event type beside the old one.

const folder = join(import.meta.dirname, '../docs/events')
mkdirSync(folder, { recursive: true })
const refused: string[] = []
for (const [name, schema] of eventSchemas()) {
  const file = join(folder, name)
  const found = existsSync(file) ? incompatibilities(JSON.parse(readFileSync(file, 'utf8')), schema) : []
  refused.push(...found.map((line) => `${name}: ${line}`))
  if (found.length === 0) writeFileSync(file, `${JSON.stringify(schema, null, 2)}\n`)
}
if (refused.length > 0) {
  process.stderr.write(`refused, as readers of these events would break:\n  ${refused.join('\n  ')}\n`)
  process.exitCode = 1
}
