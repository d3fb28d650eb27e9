import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { inheritedEnvironment } from '../../shared/config.ts'
import { createDaprBus } from '../../shared/dapr/bus.ts'
import { createDaprInbox } from '../../shared/dapr/inbox.ts'
import type { EventRecord } from '../../shared/events.ts'
import { createLog } from '../../shared/log.ts'
import type { Verdict } from '../../shared/ports.ts'
import { createWitness, taskEvent } from '../support/events.ts'
import { startTestStack } from '../support/stack.ts'

const stack = await startTestStack()
const { secrets } = stack
const bus = createDaprBus({ sidecar: stack.sidecar('server'), apiToken: secrets.daprApiToken })
stack.atEnd(bus.close)
const never = new AbortController().signal
const main = join(import.meta.dirname, '../../ops/main.ts')
const env = inheritedEnvironment({
  KAFKA_BROKERS: `127.0.0.1:${stack.ports.kafka}`,
  DAPR_HTTP_PORT: String(stack.ports.daprd.server.http),
  DAPR_API_TOKEN: secrets.daprApiToken,
})

const ops = (...args: string[]): Promise<{ code: number; out: string; err: string }> =>
  new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], { env }, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out: String(out), err: String(err) }),
    )
  })

const handled = createWitness<EventRecord>()
let verdict: Verdict = 'ok'
const handler = async (event: EventRecord) => {
  handled.add(event)
  return verdict
}
const handlers = { 'task-events': handler, 'notification-events': handler }
const log = createLog('test', { level: 'silent' })
await stack.serveApp('notifier', createDaprInbox({ appToken: secrets.appApiToken, log, handlers }))
await stack.serveApp(
  'recurrer',
  createDaprInbox({ appToken: secrets.appApiToken, log, handlers: { 'task-events': async () => 'ok' } }),
)

/** The same command until its answer is as it should be: what an admin changes the broker tells a moment later. */
async function opsUntil(isRight: (out: string) => boolean, ...args: string[]) {
  let answer = await ops(...args)
  for (let i = 0; i < 20 && !isRight(answer.out); i++) answer = await ops(...args)
  return answer
}

test('topics: the list is applied once, drift is told with exit 1 and mended', async () => {
  assert.deepEqual(await ops('topics', 'diff'), { code: 0, out: 'no difference\n', err: '' })
  assert.equal((await ops('topics', 'apply', '--replication-factor', '1')).out, 'nothing to do\n')
  await stack.withAdmin(async (admin) => {
    await admin.alterConfigs({
      validateOnly: false,
      resources: [{ type: 2, name: 'task-events', configEntries: [{ name: 'retention.ms', value: '1000' }] }],
    })
    await admin.deleteTopics({ topics: ['notification-events.notifier.dlq'] })
  })
  const tellsBoth = (out: string) => out.includes('retention.ms') && out.includes('dlq')
  const diff = await opsUntil(tellsBoth, 'topics', 'diff', '--json')
  assert.equal(diff.code, 1)
  assert.deepEqual(
    JSON.parse(diff.out).map(({ topic, what }: { topic: string; what: string }) => [topic, what]),
    [
      ['notification-events.notifier.dlq', 'topic'],
      ['task-events', 'retention.ms'],
    ],
  )
  const applied = await ops('topics', 'apply', '--replication-factor', '1')
  assert.equal(applied.out, 'created  notification-events.notifier.dlq\nchanged  task-events\n')
  assert.equal((await opsUntil((out) => out === 'no difference\n', 'topics', 'diff')).code, 0)
})

test('topics: partitions that differ are left alone and told', async () => {
  await stack.withAdmin((admin) =>
    admin.createPartitions({ topicPartitions: [{ topic: 'todo-probe', count: 2 }] }),
  )
  const applied = await opsUntil((out) => out.includes('todo-probe'), 'topics', 'apply')
  assert.equal(applied.code, 1)
  assert.match(applied.out, /todo-probe +partitions +1 +2/)
})

test('tail: shows each event as it comes, one line each', async () => {
  const child = spawn(process.execPath, [main, 'tail', 'task-events', '--from-beginning'], { env })
  const lines = createWitness<string>()
  createInterface({ input: child.stdout }).on('line', lines.add)
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const event = taskEvent(31, 7)
  ;(event.data.data as { title: string }).title = 'pay\u001b[2J rent'
  await bus.publish([event], never)
  await lines.until('the line', (seen) => seen.some((line) => line.includes('31 v7')))
  const line = lines.seen.find((one) => one.includes('31 v7'))!
  assert.match(
    line,
    /^\d{4}-\d\d-\d\dT[\d:.]+Z {2}\d+:\d+ {2}task\.updated {2}31 v7 {2}\/todo\/server {2}todo {2}pay\ufffd\[2J rent$/,
  )
  child.kill('SIGINT')
  assert.equal(await ended, 0)
  await handled.until('its delivery', (seen) => seen.some((one) => one.eventId === event.eventId))
})

test('tail --to-end --json: key, headers and the whole event, then it ends', async () => {
  const { code, out } = await ops('tail', 'task-events', '--to-end', '--json')
  assert.equal(code, 0)
  const record = JSON.parse(out.trim().split('\n').at(-1)!)
  assert.equal(record.key, '31')
  assert.equal(record.event.subject, '31')
  assert.equal(record.event.data.version, 7)
})

test('dead letters are listed, shown and replayed through the sidecar, once', async () => {
  verdict = 'drop'
  const events = [taskEvent(41, 1), taskEvent(41, 2), taskEvent(42, 1)]
  for (const event of events) await bus.publish([event], never)
  await handled.until('all three', (seen) =>
    events.every((event) => seen.some((one) => one.eventId === event.eventId)),
  )
  const topic = 'task-events.notifier.dlq'
  let listed = await ops('dead', 'list', topic, '--json')
  for (let i = 0; i < 20 && listed.out.trim().split('\n').length < 3; i++)
    listed = await ops('dead', 'list', topic, '--json')
  const letters = listed.out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  assert.deepEqual(
    letters.map((letter) => letter.event.id).sort(),
    events.map((event) => event.eventId).sort(),
  )
  const shown = await ops('dead', 'show', topic, `${letters[0].partition}:${letters[0].offset}`)
  assert.equal(JSON.parse(shown.out).event.id, letters[0].event.id)
  assert.match((await ops('dead', 'replay', topic, '--dry-run')).out, /would publish 3 on task-events/)

  verdict = 'ok'
  const before = handled.seen.length
  const replayed = await ops('dead', 'replay', topic)
  assert.deepEqual([replayed.code, replayed.out], [0, 'published 3 on task-events\n'])
  await handled.until('the replayed', (seen) => seen.length >= before + 3)
  const again = handled.seen.slice(before)
  assert.deepEqual(again.map((event) => event.eventId).sort(), events.map((event) => event.eventId).sort())
  const of41 = again.filter((event) => event.subject === '41').map((event) => event.data.version)
  assert.deepEqual(of41, [1, 2])
  assert.equal((await ops('dead', 'list', topic)).out, `${topic}: 0\n`)
  assert.equal((await ops('dead', 'replay', topic)).out, 'published 0 on task-events\n')
})

test('lag: reads the groups of the services, and finds one that has stopped', async () => {
  const fine = await ops('lag', '--check', '1')
  assert.equal(fine.code, 0, fine.out)
  assert.match(fine.out, /notifier +task-events +Stable +1 +0/)
  await stack.stack.stop('daprd-notifier')
  const stuck = await ops('lag', '--check', '1')
  assert.equal(stuck.code, 1)
  assert.match(
    stuck.out,
    /notifier on task-events: no member reads in its group; restart the sidecar of notifier/,
  )
})

test('probe: measures publish to acknowledged and to seen', async () => {
  const { code, out } = await ops('probe', '-n', '20', '--pause', '5', '--json')
  assert.equal(code, 0)
  const result = JSON.parse(out)
  assert.deepEqual([result.sent, result.lost], [20, 0])
  assert.ok(result.seen_ms.p50 >= result.acknowledged_ms.p50 / 2)
})

test('a broker that is not there is named, with the variable that sets it', async () => {
  await stack.stack.stop('kafka')
  const { code, err } = await ops('lag')
  assert.equal(code, 1)
  assert.match(err, /No broker answers at 127\.0\.0\.1:\d+/)
  assert.match(err, /KAFKA_BROKERS/)
})
