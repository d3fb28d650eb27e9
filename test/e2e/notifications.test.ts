import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { ChannelWithSecret } from '../../shared/api/channel.ts'
import type { Delivery } from '../../shared/api/delivery.ts'
import { type Cli, createCli } from '../support/cli.ts'
import { isSigned, startWebhookReceiver } from '../support/fakes/webhook-receiver.ts'

let cli: Cli
const receiver = await startWebhookReceiver()
after(() => receiver.stop())

before(async () => {
  cli = await createCli()
  cli.env.WEBHOOK_ALLOW_PRIVATE = '1'
})

test('a webhook is added with its secret shown once, and every change reaches it, signed and once', async () => {
  const added = await cli.json<ChannelWithSecret>(
    'channel',
    'add',
    'webhook',
    `${receiver.url}/hook`,
    '--json',
  )
  assert.match(added.secret!, /^whsec_/)
  assert.ok(!(await cli.todo('channel', 'list', '--json')).stdout.includes('whsec_'))
  const task = await cli.add('Pay rent')
  await receiver.until((all) => all.length === 1)
  await cli.todo('done', `${task.id}`)
  await receiver.until((all) => all.length === 2)
  assert.deepEqual(
    receiver.received.map(({ body }) => JSON.parse(body).type),
    ['task.created', 'task.completed'],
  )
  assert.ok(receiver.received.every((one) => isSigned(one, added.secret!)))
})

test('the item of a webhook is the item of the history', async () => {
  const { body } = receiver.received[0]!
  const { data } = JSON.parse(body)
  assert.equal(typeof data.id, 'number')
  assert.equal(data.data.title, 'Pay rent')
})

/** The receiver hears of a delivery before the log does. */
async function newestOfLog(): Promise<Delivery> {
  for (;;) {
    const [newest] = await cli.json<Delivery[]>('notify', 'log', '--json', '--limit', '1')
    if (newest!.status !== 'sending' && newest!.status !== 'queued') return newest!
  }
}

test('the log shows every attempt with its answer, and a replay carries the same id', async () => {
  const newest = await newestOfLog()
  assert.equal(newest.status, 'sent')
  assert.equal(newest.attempts[0]!.status, 204)
  const before = receiver.received.length
  assert.equal((await cli.todo('notify', 'replay', `${newest.id}`)).code, 0)
  await receiver.until((all) => all.length === before + 1)
  assert.equal(receiver.received.at(-1)!.headers['webhook-id'], newest.event_id)
  await newestOfLog()
  const line = (await cli.todo('notify', 'log', '--limit', '1')).stdout
  assert.match(line, /^\d+\tsent\t/)
  assert.match(line, /answered 204/)
})

test('a test tells by its exit code whether it arrived', async () => {
  assert.equal((await cli.todo('channel', 'test', '1')).code, 0)
  receiver.answer = () => ({ status: 404 })
  const failed = await cli.todo('notify', 'test', '1')
  assert.equal(failed.code, 1)
  assert.match(failed.stdout, /dead.*refused by the receiver[\s\S]*answered 404/)
  receiver.answer = () => ({ status: 204 })
})

test('a channel is edited, switched off and removed by its name', async () => {
  const edited = await cli.json<ChannelWithSecret>(
    'channel',
    'edit',
    '1',
    '--name',
    'CI',
    '--events',
    'due',
    '--json',
  )
  assert.deepEqual([edited.name, edited.events], ['CI', ['task.due.approaching']])
  const changed = await cli.todo('channel', 'edit', 'ci', '--new-secret', '--off')
  assert.match(changed.stdout, /whsec_/)
  assert.match((await cli.todo('channel')).stdout, /^1\twebhook\toff\t/)
  assert.equal((await cli.todo('channel', 'rm', 'CI')).code, 0)
  assert.equal((await cli.todo('channel', 'rm', 'CI')).code, 3)
})

test('quiet hours and preferences are said in words and read back', async () => {
  assert.equal((await cli.todo('notify', 'quiet', '22:00-7', '--days', 'fri-sat')).code, 0)
  await cli.todo('notify', 'preferences', '--deny', 'due:push', '--digest', '8')
  const now = await cli.json<Record<string, unknown>>('notify', 'preferences', '--json')
  assert.partialDeepStrictEqual(now, {
    quiet_hours: { from: '22:00', to: '07:00', days: ['fri', 'sat'] },
    digest_at: '08:00',
    matrix: { 'task.due.approaching': { push: false, email: true } },
  })
  await cli.todo('notify', 'quiet', 'off')
  assert.match((await cli.todo('notify', 'quiet')).stdout, /none/)
})

test('what cannot be is refused with the nearest word', async () => {
  for (const [words, hint] of [
    [['channel', 'add', 'emial', 'x'], /email/],
    [['channel', 'add', 'webhook'], /https/],
    [['channel', 'add', 'desktop', '--events', 'creatd'], /created/],
    [['notify', 'quiet', 'always'], /22:00-07:00/],
    [['notify', 'quiet', '25-7'], /08:00/],
    [['notify', 'preferences', '--deny', 'due:fax'], /push/],
    [['channel', 'add', 'webhook', 'ftp://example.org/'], /https/],
  ] as const) {
    const { code, stderr } = await cli.todo(...words)
    assert.equal(code, 2, words.join(' '))
    assert.match(stderr, hint)
  }
})
