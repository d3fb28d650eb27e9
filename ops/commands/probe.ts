import type { Command } from 'commander'
import { createDaprBus } from '../../shared/dapr/bus.ts'
import { probeTopic } from '../../shared/dapr/names.ts'
import type { Context } from '../context.ts'
import { quantile } from '../format.ts'
import { probe } from '../probe.ts'

type Flags = { count: number; pause: number; limit?: number; json?: true }

/** `probe`: the latency of the bus, end to end, without touching a task. */
export function probeCommand(command: Command, context: () => Context, fail: () => void): void {
  command
    .description('measure the bus end to end on a topic of its own')
    .option('-n, --count <n>', 'how many probes', Number, 50)
    .option('--pause <ms>', 'between two probes', Number, 20)
    .option('--limit <ms>', 'exit 1 when p99 end to end is above it', Number)
    .option('--json', 'as JSON')
    .action(async ({ count, pause, limit, json }: Flags) => {
      const { config, kafka, signal, print } = context()
      const bus = createDaprBus({
        sidecar: config.sidecar,
        apiToken: config.daprApiToken,
        topicFor: () => probeTopic,
      })
      const result = await probe(kafka, bus, { count, pauseMs: pause, signal }).finally(bus.close)
      const summary = {
        sent: result.sent,
        lost: result.lost,
        acknowledged_ms: quantiles(result.acknowledged),
        seen_ms: quantiles(result.seen),
      }
      if (json) print(JSON.stringify(summary))
      else {
        print(`sent ${summary.sent}, lost ${summary.lost}`)
        print(`publish to acknowledged  ${quantileLine(summary.acknowledged_ms)}`)
        print(`publish to seen          ${quantileLine(summary.seen_ms)}`)
      }
      const tooSlow = limit !== undefined && (summary.seen_ms.p99 ?? Number.POSITIVE_INFINITY) > limit
      if (summary.lost > 0 || tooSlow) fail()
    })
}

type Quantiles = Record<'p50' | 'p95' | 'p99', number | null>

function quantiles(values: number[]): Quantiles {
  const at = (share: number) => {
    const value = quantile(values, share)
    return value === null ? null : Math.round(value * 10) / 10
  }
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) }
}

const quantileLine = ({ p50, p95, p99 }: Quantiles): string => `p50 ${p50} ms  p95 ${p95} ms  p99 ${p99} ms`
