import { recurrerConfig } from '../shared/config/services.ts'
import { daprConfig, environment } from '../shared/config.ts'
import { createConsumer } from '../shared/dapr/consumer.ts'
import { requireSidecar } from '../shared/dapr/environment.ts'
import { connect } from '../shared/db/connect.ts'
import { createWake } from '../shared/db/wake.ts'
import { createLog } from '../shared/log.ts'
import { endHanging, runService } from '../shared/service.ts'
import { createTracing } from '../shared/tracing.ts'
import { readVersion } from '../shared/version.ts'
import { createWatchdog } from '../shared/watchdog.ts'
import { createRecurrer } from './app.ts'
import { createRecurrenceMetrics } from './metrics.ts'

async function main(): Promise<number> {
  const { host, port, databaseUrl, logLevel, tracing: traces } = recurrerConfig(environment())
  const dapr = requireSidecar(daprConfig())
  const log = createLog('recurrer', { level: logLevel })
  const db = connect(databaseUrl, { max: 4, name: 'todo-recurrer' })
  const stop = new AbortController()
  const watchdog = createWatchdog({ db, log })
  const onTurn = () => watchdog.beat('recurrence')
  const wake = createWake(db, log, stop.signal)
  const tracing = createTracing({ ...traces, service: 'recurrer', version: readVersion(), log })
  const { register, observe, ticked } = createRecurrenceMetrics({ db, log })
  const recurrer = createRecurrer({ db, log, wake, onTurn, tracing, observe }, stop.signal)
  const running = recurrer.run()
  const service = createConsumer({
    db,
    log,
    dapr,
    signal: stop.signal,
    ages: watchdog.ages,
    register,
    handlers: () => ({ 'task-events': async () => 'ok' }),
    onTick: async () => {
      ticked()
      await recurrer.tick()
    },
  })
  const close = async () => {
    stop.abort()
    await running
    await tracing.close()
    await service.close()
  }
  endHanging(watchdog, stop.signal, process.exit)
  return runService({ ...service, close }, { host, port, log })
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`recurrer: ${error instanceof Error ? error.message : String(error)}\n`)
    process.exit(1)
  },
)
