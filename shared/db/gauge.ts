import { Gauge } from 'prom-client'
import type { Log } from '../log.ts'

/**
 * A figure that the database tells when somebody asks: the `value` of the query's first row, 0 where there is none.
 * Each is read by itself, since a registry asks all at once. One that cannot be read keeps its last value.
 */
export const createDatabaseGauge = (
  log: Log,
  name: string,
  help: string,
  query: () => PromiseLike<{ value: number }[]>,
) =>
  new Gauge({
    name,
    help,
    registers: [],
    async collect() {
      try {
        const [row] = await query()
        this.set(row?.value ?? 0)
      } catch (error) {
        log.warn({ err: error, name }, 'could not read a figure for the metrics')
      }
    },
  })
