import { join } from 'node:path'
import type { Part } from './part.ts'
import { answers } from './part.ts'
import type { App, Ports, Secrets } from './settings.ts'

/**
 * The sidecar of one app. It is ready when its components are loaded; it does not wait for its app, nor for Kafka.
 * Placement, scheduler and mTLS have no flags here, which leaves them out.
 */
export function daprdPart(options: {
  home: string
  program: string
  app: App
  appPort: number
  ports: Ports['daprd'][App]
  secrets: Secrets
  /** Writes the rendered files below `home/dapr`. */
  prepare: () => Promise<void>
}): Part {
  const { ports } = options
  const rendered = join(options.home, 'dapr')
  const headers = { 'dapr-api-token': options.secrets.daprApiToken }
  const flags = {
    'app-id': options.app,
    'app-port': options.appPort,
    'app-protocol': 'http',
    'dapr-http-port': ports.http,
    'dapr-grpc-port': ports.grpc,
    'dapr-internal-grpc-port': ports.internal,
    'dapr-public-port': ports.public,
    'metrics-port': ports.metrics,
    'metrics-listen-address': '127.0.0.1',
    'dapr-listen-addresses': '127.0.0.1',
    'dapr-internal-grpc-listen-address': '127.0.0.1',
    'dapr-public-listen-address': '127.0.0.1',
    'resources-path': join(rendered, 'resources'),
    config: join(rendered, 'configuration.yaml'),
    // A component that was away at the start is tried again this often; a minute is the default.
    'hot-reload-reconcile-interval': '5s',
  }
  return {
    name: `daprd-${options.app}`,
    ground: false,
    prepare: options.prepare,
    command: () => ({
      file: options.program,
      args: Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)]),
      env: {
        DAPR_API_TOKEN: options.secrets.daprApiToken,
        APP_API_TOKEN: options.secrets.appApiToken,
        GOMEMLIMIT: '160MiB',
      },
    }),
    ready: () => answers(`http://127.0.0.1:${ports.http}/v1.0/healthz/outbound`, headers),
    stopSignal: 'SIGTERM',
    graceMs: 12_000,
    address: `http://127.0.0.1:${ports.http}`,
  }
}
