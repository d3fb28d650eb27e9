import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The build writes it into the bundles. */
declare const builtVersion: string | undefined

/** The product's version; that of the package one level above where the sources run. */
export function readVersion(): string {
  if (typeof builtVersion === 'string') return builtVersion
  const text = readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}
