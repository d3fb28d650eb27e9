import { join } from 'node:path'
import type { Part } from './part.ts'
import { answers } from './part.ts'
import type { App } from './settings.ts'
import { root } from './settings.ts'

/** One service of the product. `from` = the built files, or the sources where a test wants no build. */
export function servicePart(options: {
  app: App
  port: number
  from: 'dist' | 'source'
  env: Record<string, string>
}): Part {
  const entry = join(root, options.from === 'dist' ? `dist/${options.app}/main.js` : `${options.app}/main.ts`)
  const url = `http://127.0.0.1:${options.port}`
  return {
    name: options.app,
    ground: false,
    command: () => ({
      file: process.execPath,
      args: ['--enable-source-maps', entry],
      env: { ...options.env, PORT: String(options.port), HOST: '127.0.0.1' },
      cwd: root,
    }),
    ready: () => answers(`${url}/healthz`),
    stopSignal: 'SIGTERM',
    graceMs: 12_000,
    address: url,
  }
}
