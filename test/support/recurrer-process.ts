import { createRecurrer } from '../../recurrer/app.ts'
import { connect } from '../../shared/db/connect.ts'
import { createWake } from '../../shared/db/wake.ts'
import { createLog } from '../../shared/log.ts'

// A recurrer that tests can kill: `node recurrer-process.ts <database target as JSON> <minutes its clock is wrong>`.

const [target, minutes] = [JSON.parse(process.argv[2]!), Number(process.argv[3] ?? 0)]
const skewed = () => Real.now() + minutes * 60_000
const Real = Date
globalThis.Date = new Proxy(Real, {
  construct: (date, given: []) => (given.length === 0 ? new date(skewed()) : new date(...given)),
  get: (date, name) => (name === 'now' ? skewed : Reflect.get(date, name)),
})

const { signal } = new AbortController()
const log = createLog('recurrer', { level: 'silent' })
const db = connect(target, { max: 2, name: 'todo-test-recurrer' })
await createRecurrer({ db, log, wake: createWake(db, log, signal) }, signal).run()
