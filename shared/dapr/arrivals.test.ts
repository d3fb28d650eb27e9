import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Db } from '../db/connect.ts'
import { createLog } from '../log.ts'
import { memoryState } from '../memory.ts'
import { createArrivalWatch } from './arrivals.ts'

const log = createLog('test', { level: 'silent' })

/** A watch whose time and log of events the test moves; a look happens when it says so. */
function build(options: { restart?: () => Promise<void>; state?: ReturnType<typeof memoryState> } = {}) {
  let [at, published] = [1_000_000, 10]
  let told: () => void = () => {}
  const db = (async () => [{ id: published }]) as unknown as Db
  const state = options.state ?? memoryState(() => at)
  const seen = { ...state, get: (key: string) => state.get(key).finally(() => setImmediate(told)) }
  const watch = createArrivalWatch({
    db,
    state: seen,
    log,
    restart: options.restart ?? null,
    lookMs: 1,
    graceMs: 30_000,
    now: () => at,
  })
  return {
    watch,
    publish: () => (published += 1),
    /** Moves the time and waits for a look that began after it. */
    pass: async (ms: number) => {
      at += ms
      for (let i = 0; i < 2; i++) await new Promise<void>((resolve) => (told = resolve))
    },
  }
}

async function watching(build_: ReturnType<typeof build>, work: () => Promise<void>): Promise<void> {
  const stop = new AbortController()
  const running = build_.watch.run(stop.signal)
  await work().finally(() => stop.abort())
  await running
}

test('a consumer that gets what is published is well, and so is one when nothing is published', async () => {
  const one = build()
  await watching(one, async () => {
    await one.pass(5_000)
    for (let i = 0; i < 10; i++) {
      one.watch.arrived()
      one.publish()
      await one.pass(5_000)
    }
    await one.pass(600_000)
    assert.equal(one.watch.isStuck(), false)
  })
})

test('when events are published and none arrives the sidecar is ended, again only after a longer time', async () => {
  const restarts: number[] = []
  let at = 0
  const one = build({ restart: async () => void restarts.push(at) })
  const pass = async (ms: number) => {
    at += ms
    await one.pass(ms)
  }
  await watching(one, async () => {
    await pass(5_000)
    one.publish()
    await pass(5_000)
    await pass(20_000)
    assert.equal(one.watch.isStuck(), false)
    for (let i = 0; i < 40; i++) await pass(10_000)
    assert.equal(one.watch.isStuck(), true)
    assert.deepEqual(restarts, [40_000, 100_000, 220_000])
    one.watch.arrived()
    await pass(5_000)
    assert.equal(one.watch.isStuck(), false)
  })
})

test('what arrives at another replica counts, and while the store is away nothing is concluded', async () => {
  let at = 1_000_000
  const shared = memoryState(() => at)
  const one = build({ state: shared })
  await watching(one, async () => {
    await one.pass(5_000)
    one.publish()
    await one.pass(5_000)
    at += 10_000
    await shared.put('last-arrival', String(at), 60)
    await one.pass(60_000)
    assert.equal(one.watch.isStuck(), false)
  })
  const blind = build({ state: { ...shared, get: () => Promise.reject(new Error('away')) } })
  await watching(blind, async () => {
    await blind.pass(5_000)
    blind.publish()
    await blind.pass(5_000)
    await blind.pass(60_000)
    assert.equal(blind.watch.isStuck(), false)
  })
})
