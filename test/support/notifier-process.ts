import { createNotifier } from '../../notifier/app.ts'
import { createWebhookAgent } from '../../notifier/channels/guard.ts'
import { createWebhook } from '../../notifier/channels/webhook.ts'
import { connect } from '../../shared/db/connect.ts'
import { createLog } from '../../shared/log.ts'

// A notifier that tests can kill: `node notifier-process.ts <database target as JSON>`. Leases are short, so that what
// it leaves behind is taken up soon.

const db = connect(JSON.parse(process.argv[2]!), { max: 4, name: 'todo-test-notifier' })
const webhook = createWebhook({ agent: createWebhookAgent({ allowPrivate: true }), allowPrivate: true })
const notifier = createNotifier({
  db,
  log: createLog('notifier', { level: 'silent' }),
  senders: { webhook, email: null, push: null, desktop: null },
  pollMs: 50,
  attemptMs: 600,
  leaseMs: 1_200,
})
await notifier.run(new AbortController().signal)
