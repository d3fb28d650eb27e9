import { createRecurrer } from '../../recurrer/app.ts'
import { connect } from '../../shared/db/connect.ts'
import { createWake } from '../../shared/db/wake.ts'
import { createLog } from '../../shared/log.ts'

// A recurrer that tests can kill: `node recurrer-process.ts <database target as JSON>`.

const target = JSON.parse(process.argv[2]!)
const { signal } = new AbortController()
const log = createLog('recurrer', { level: 'silent' })
const db = connect(target, { max: 2, name: 'todo-test-recurrer' })
await createRecurrer({ db, log, wake: createWake(db, log, signal) }, signal).run()
