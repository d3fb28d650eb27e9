import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { inheritedEnvironment } from '../../shared/config.ts'
import { startFcm } from '../support/fakes/fcm.ts'
import type { Behaviour } from '../support/fakes/http-server.ts'
import { startSendGrid } from '../support/fakes/sendgrid.ts'
import { isSigned, startWebhookReceiver } from '../support/fakes/webhook-receiver.ts'
import { startTestStack } from '../support/stack.ts'
import { openDatabase, registerPerson, servicesWith } from '../support/stack-api.ts'

// The notifier as it runs in a cluster, with the providers' fakes at the other end.
const [sendgrid, fcm, hook, broken] = [
  await startSendGrid(),
  await startFcm(),
  await startWebhookReceiver(),
  await startWebhookReceiver(),
]
const settings = {
  SENDGRID_API_KEY: sendgrid.apiKey,
  SENDGRID_BASE_URL: sendgrid.url,
  MAIL_FROM: 'todo@example.org',
  FCM_SERVICE_ACCOUNT: fcm.serviceAccount,
  FCM_BASE_URL: fcm.url,
  SECRETS_KEY: Buffer.alloc(32, 5).toString('base64'),
}
const stack = await startTestStack({
  start: [['postgres', 'kafka', 'redis']],
  extra: servicesWith(settings, 'server', 'notifier', 'recurrer'),
})
for (const fake of [sendgrid, fcm, hook, broken]) stack.atEnd(fake.stop)
const db = await openDatabase(stack)
const sidecars = ['daprd-server', 'daprd-notifier', 'daprd-recurrer']
await stack.stack.start('server', 'notifier', 'recurrer', ...sidecars)
const url = `http://127.0.0.1:${stack.ports.server}`
const ann = await registerPerson(url)

const todo = (...args: string[]) =>
  new Promise<string>((resolve, reject) => {
    const main = join(import.meta.dirname, '../../cli/main.ts')
    const env = { TODO_HOME: join(stack.home, 'todo'), TODO_API_URL: url, TODO_TOKEN: ann.token }
    execFile(process.execPath, [main, ...args], { env: inheritedEnvironment(env) }, (error, out, err) =>
      error ? reject(new Error(`todo ${args.join(' ')}: ${err}`)) : resolve(String(out)),
    )
  })

const inTime = async (what: string, isDone: () => boolean | Promise<boolean>, ms = 30_000) => {
  for (const end = Date.now() + ms; !(await isDone()); await sleep(50))
    assert.ok(Date.now() < end, `${what} in ${ms / 1000} s`)
}

test('a reminder of a task that is due in a day is one signed post, one mail and one push, and the log has each attempt', async () => {
  const events = '--events=task.due.approaching'
  const { secret } = JSON.parse(await todo('channel', 'add', 'webhook', `${hook.url}/hook`, events, '--json'))
  await todo('channel', 'add', 'email', 'ann@example.org')
  await todo('channel', 'add', 'push', 'a-device-token-of-some-length')
  const [row] = await db<
    { secret: string }[]
  >`select secret from notification_channels where kind = 'webhook'`
  assert.match(row!.secret, /^sealed:/)
  await todo('add', 'Pay rent', '--due', '+24h')
  await inTime('all three', () =>
    [hook.received, sendgrid.received, fcm.sends()].every((all) => all.length > 0),
  )
  await inTime('the log', async () => {
    const rows = JSON.parse(await todo('notify', 'log', '--json')) as { status: string; attempts: object[] }[]
    return (
      rows.length === 3 && rows.every(({ status, attempts }) => status === 'sent' && attempts.length === 1)
    )
  })
  assert.deepEqual([hook.received.length, sendgrid.received.length, fcm.sends().length], [1, 1, 1])
  assert.equal(JSON.parse(hook.received[0]!.body).type, 'task.due.approaching')
  assert.ok(isSigned(hook.received[0]!, secret))
  assert.match(await todo('notify', 'log'), /answered 204/)
})

test('killed again and again, with endpoints that fail, hang and break off: nothing is lost, nothing comes twice after an answer, each task keeps its order', async (t) => {
  const bob = await registerPerson(url)
  const eve = await registerPerson(url)
  await bob.request('POST', '/channels', { kind: 'webhook', target: `${hook.url}/bob` })
  await eve.request('POST', '/channels', { kind: 'webhook', target: `${broken.url}/eve` })
  const faults: Behaviour[] = [
    { status: 500 },
    { status: 429, headers: { 'retry-after': '1' } },
    'reset',
    { status: 503 },
  ]
  hook.received.length = 0
  hook.accepted.length = 0
  hook.answer = (_, n) => (n % 40 === 0 ? faults[(n / 40) % faults.length]! : { status: 204 })
  broken.answer = () => 'hang'
  let going = true
  const load = (async () => {
    const tasks: number[] = []
    for (let n = 0; going; n++) {
      if (n % 6 === 0) tasks.push((await bob.request('POST', '/tasks', { title: `task ${n}` })).id)
      else await bob.request('PATCH', `/tasks/${tasks[n % tasks.length]}`, { title: `change ${n}` })
      if (n % 10 === 0) await eve.request('POST', '/tasks', { title: `eve ${n}` })
      await sleep(20)
    }
  })()
  for (let round = 0; round < 10; round++) {
    await sleep(400)
    const victim = round % 3 === 2 ? 'daprd-notifier' : 'notifier'
    await stack.stack.kill(victim)
    await stack.stack.start(victim)
  }
  going = false
  await load
  hook.answer = () => ({ status: 204 })
  let pending: object[] = []
  const isSent = async () => {
    pending = await db`
      select e.id, d.status, d.reason, d.next_attempt_at, d.lease_until, d.attempts
      from events e left join deliveries d on d.event_id = e.event_id::text
      where e.user_id = ${bob.id} and d.status is distinct from 'sent' order by e.id`
    return pending.length === 0
  }
  await inTime('everything of Bob', isSent, 90_000).catch((error: unknown) => {
    throw new Error(`${pending.length} are not sent, first ${JSON.stringify(pending[0])}`, { cause: error })
  })

  const events = await db<{ event_id: string; task_id: number; version: number; tries: number }[]>`
    select e.event_id, e.task_id, e.version,
           jsonb_array_length(jsonb_path_query_array(d.attempts, '$[*] ? (@.status == null)')) as tries
    from events e join deliveries d on d.event_id = e.event_id::text where e.user_id = ${bob.id}`
  const times = Map.groupBy(hook.accepted, (id) => id)
  assert.deepEqual(
    events.filter(({ event_id }) => !times.has(event_id)),
    [],
  )
  const twice = events.filter(({ event_id, tries }) => times.get(event_id)!.length > 1 + tries)
  assert.deepEqual(twice, [], 'twice although the answer was written down')
  const byId = new Map(events.map((event) => [event.event_id, event]))
  const last = new Map<number, number>()
  for (const { task_id, version } of [...times.keys()].map((id) => byId.get(id)!)) {
    assert.ok(version > (last.get(task_id) ?? 0), `the order of task ${task_id}`)
    last.set(task_id, version)
  }
  const repeats = hook.accepted.length - times.size
  t.diagnostic(`${events.length} notifications, 10 kills, ${repeats} repeated after a kill`)
})
