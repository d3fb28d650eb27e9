import type { Verb } from '../command.ts'
import type { FlagSet } from '../flags.ts'

export const serve: Verb<{ port?: string; host?: string }> = {
  summary: 'Serve a small team from this machine, in the foreground',
  usage: '',
  examples: [
    ['todo serve', 'on http://127.0.0.1:8787, for this machine'],
    ['todo serve --port 80 --host 0.0.0.0', 'for everybody who can reach it; put TLS in front'],
    ['todo login http://127.0.0.1:8787 --register', 'in another terminal'],
  ],
  define: (flags: FlagSet) => {
    flags
      .option('-p, --port <port>', 'where to listen; PORT, else 8787; 0 takes a free one')
      .option('--host <address>', 'where to listen; HOST, else 127.0.0.1')
  },
  run: async ({ config, paths, version, out }, _words, { port, host }) => {
    const program = await import('../serve.ts')
    const onListening = (url: string) => out.value({ url, pid: process.pid }, `todo serves at ${url}\n`)
    return program.serve({ config, paths, version, port, host, onListening })
  },
}
