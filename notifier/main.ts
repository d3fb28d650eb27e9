import { notifierConfig } from '../shared/config/services.ts'
import { daprConfig, environment } from '../shared/config.ts'
import { createConsumer } from '../shared/dapr/consumer.ts'
import { requireSidecar } from '../shared/dapr/environment.ts'
import { connect } from '../shared/db/connect.ts'
import { createLog } from '../shared/log.ts'
import { endHanging, runService } from '../shared/service.ts'
import { tracedHandler } from '../shared/tracing/events.ts'
import { createTracing } from '../shared/tracing.ts'
import { readVersion } from '../shared/version.ts'
import { createWatchdog } from '../shared/watchdog.ts'
import { createDeliveryMetrics } from './metrics.ts'
import { startNotifier } from './start.ts'

async function main(): Promise<number> {
  const config = notifierConfig(environment())
  const { host, port, databaseUrl, logLevel } = config
  const dapr = requireSidecar(daprConfig())
  const log = createLog('notifier', { level: logLevel })
  const db = connect(databaseUrl, { max: 6, name: 'todo-notifier' })
  const stop = new AbortController()
  const watchdog = createWatchdog({ db, log })
  const onTurn = () => watchdog.beat('deliveries')
  const tracing = createTracing({ ...config.tracing, service: 'notifier', version: readVersion(), log })
  const { register, observe } = createDeliveryMetrics({ db, log })
  const notifier = startNotifier({ db, log, config, tracing, observe, desktop: false, onTurn }, stop.signal)
  const handle = tracedHandler(notifier.handle, tracing)
  const service = createConsumer({
    db,
    log,
    dapr,
    signal: stop.signal,
    ages: watchdog.ages,
    register,
    handlers: () => ({ 'task-events': handle, 'notification-events': handle }),
  })
  const close = async () => {
    stop.abort()
    await notifier.stopped
    await tracing.close()
    await service.close()
  }
  endHanging(watchdog, stop.signal, process.exit)
  return runService({ ...service, close }, { host, port, log })
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`notifier: ${error instanceof Error ? error.message : String(error)}\n`)
    process.exit(1)
  },
)
