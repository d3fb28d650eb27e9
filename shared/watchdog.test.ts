import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createDatabase, type TestDatabase } from '../test/support/postgres.ts'
import { connect } from './db/connect.ts'
import { createLog } from './log.ts'
import { createWatchdog } from './watchdog.ts'

let database: TestDatabase
const log = createLog('test', { level: 'silent' })
const soon = { log, limitMs: 60, lookMs: 20 }

before(async () => {
  database = await createDatabase({ migrated: false })
})
after(() => database.drop())

test('work that has stopped to beat is named, other work is not', async () => {
  const watchdog = createWatchdog({ ...soon, db: database.db })
  watchdog.beat('stuck')
  const alive = setInterval(() => watchdog.beat('alive'), 5)
  try {
    assert.deepEqual(await watchdog.watch(new AbortController().signal), ['stuck'])
  } finally {
    clearInterval(alive)
  }
  assert.ok(watchdog.ages().stuck! >= 0.06)
})

test('while the database is away nothing counts as hanging, and a stop ends the watch', async () => {
  const gone = connect({ socketDir: '/nonexistent', port: 5432 }, { max: 1, name: 'gone' })
  const watchdog = createWatchdog({ ...soon, db: gone })
  watchdog.beat('relay')
  const stop = new AbortController()
  const watching = watchdog.watch(stop.signal)
  while (watchdog.ages().relay! < 0.3) await new Promise((resolve) => setTimeout(resolve, 20))
  stop.abort()
  assert.equal(await watching, null)
  await gone.end({ timeout: 1 })
})
