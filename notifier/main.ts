import { daprConfig, serviceConfig } from '../shared/config.ts'
import { createConsumer } from '../shared/dapr/consumer.ts'
import { requireSidecar } from '../shared/dapr/environment.ts'
import { connect } from '../shared/db/connect.ts'
import { createLog } from '../shared/log.ts'
import { runService } from '../shared/service.ts'

async function main(): Promise<number> {
  const { host, port, databaseUrl, logLevel } = serviceConfig()
  const dapr = requireSidecar(daprConfig())
  const log = createLog('notifier', { level: logLevel })
  const db = connect(databaseUrl, { max: 4, name: 'todo-notifier' })
  const service = createConsumer({
    db,
    log,
    dapr,
    handlers: () => ({ 'task-events': async () => 'ok', 'notification-events': async () => 'ok' }),
  })
  return runService(service, { host, port, log })
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`notifier: ${error instanceof Error ? error.message : String(error)}\n`)
    process.exit(1)
  },
)
