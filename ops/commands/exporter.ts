import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Command } from 'commander'
import { type Context, withAdmin } from '../context.ts'
import { createBrokerFigures } from '../figures.ts'

/** `exporter`: lag and dead letters for Prometheus, until it is told to stop. */
export function exporterCommand(exporter: Command, context: () => Context): void {
  exporter
    .description('lag and dead letters on /metrics, for Prometheus')
    .option('--port <port>', 'where to listen', Number, 9400)
    .option('--host <address>', 'on which address', '0.0.0.0')
    .action(async ({ port, host }: { port: number; host: string }) => {
      const { signal, print } = context()
      await withAdmin(context(), async (admin) => {
        const figures = createBrokerFigures(admin)
        // Two scrapes at once share one reading.
        let reading: Promise<string> | null = null
        const read = () => (reading ??= figures.print().finally(() => (reading = null)))
        const server = createServer((request, response) => {
          if (request.url === '/healthz') return void response.end('ok\n')
          if (request.url !== '/metrics') return void response.writeHead(404).end()
          read().then(
            (text) => response.writeHead(200, { 'content-type': figures.type }).end(text),
            () => response.writeHead(503).end(),
          )
        })
        server.listen(port, host)
        await once(server, 'listening')
        print(`listening on ${host}:${(server.address() as AddressInfo).port}`)
        if (!signal.aborted) await once(signal, 'abort')
        server.closeAllConnections()
        server.close()
      })
    })
}
