import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The product's version. The package lies one level above the sources and two above the bundles. */
export function readVersion(): string {
  for (const folder of ['..', '../..']) {
    try {
      const text = readFileSync(join(import.meta.dirname, folder, 'package.json'), 'utf8')
      const { version } = JSON.parse(text) as { version?: string }
      if (version !== undefined) return version
    } catch {
      // Not this level.
    }
  }
  throw new Error('package.json is missing')
}
