import assert from 'node:assert/strict'
import { execFile, execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { realpathSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { inheritedEnvironment } from '../../shared/config.ts'
import { createDaprBus } from '../../shared/dapr/bus.ts'
import { createGuardedClient } from '../../shared/dapr/client.ts'
import { inspectSidecar } from '../../shared/dapr/sidecar.ts'
import { startConsumer } from '../support/consumer.ts'
import { taskEvent } from '../support/events.ts'
import { startTestStack } from '../support/stack.ts'

// The broker as the clouds offer it: SCRAM over TLS, rights for each user. The key is made by the keytool of Java.
const word = () => randomBytes(12).toString('hex')
const users = { admin: word(), todo: word() }
const login = { username: 'todo', password: users.todo, ca: '' }

const stack = await startTestStack({
  guard: (home, java) => {
    const keyStore = join(home, 'kafka.p12')
    const keyStorePassword = word()
    const keytool = join(dirname(realpathSync(java)), 'keytool')
    const store = ['-keystore', keyStore, '-storepass', keyStorePassword, '-alias', 'kafka']
    const subject = ['-dname', 'CN=127.0.0.1', '-ext', 'SAN=IP:127.0.0.1', '-validity', '2']
    execFileSync(keytool, ['-genkeypair', '-keyalg', 'RSA', '-storetype', 'PKCS12', ...store, ...subject], {
      stdio: 'ignore',
    })
    login.ca = execFileSync(keytool, ['-exportcert', '-rfc', ...store], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    writeFileSync(join(home, 'ca.pem'), login.ca)
    return {
      broker: { users, admin: 'admin', keyStore, keyStorePassword },
      login,
    }
  },
  start: [['kafka', 'redis']],
})
const ops = (env: Record<string, string>, ...args: string[]) =>
  new Promise<{ code: number; out: string; err: string }>((resolve) => {
    const main = join(import.meta.dirname, '../../ops/main.ts')
    const all = inheritedEnvironment({ KAFKA_BROKERS: `127.0.0.1:${stack.ports.kafka}`, ...env })
    execFile(process.execPath, [main, ...args], { env: all }, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out: String(out), err: String(err) }),
    )
  })
const asAdmin = {
  KAFKA_USERNAME: 'admin',
  KAFKA_PASSWORD: users.admin,
  KAFKA_CA_FILE: join(stack.home, 'ca.pem'),
}

test('todo-ops logs in with SCRAM over TLS, and says so when it may not', async () => {
  assert.deepEqual(await ops(asAdmin, 'topics', 'diff'), { code: 0, out: 'no difference\n', err: '' })
  const wrong = await ops({ ...asAdmin, KAFKA_PASSWORD: 'wrong' }, 'topics', 'diff')
  assert.equal(wrong.code, 1)
  assert.match(wrong.err, /No broker answers at .* as admin/)
  assert.ok(!wrong.err.includes(users.admin))
})

test('without the rights a sidecar may not publish; with them events flow', async () => {
  await stack.stack.start('daprd-server', 'daprd-notifier')
  const consumer = await startConsumer(stack, 'notifier')
  const bus = createDaprBus({ sidecar: stack.sidecar('server'), apiToken: stack.secrets.daprApiToken })
  stack.atEnd(bus.close)
  const never = new AbortController().signal
  await assert.rejects(bus.publish([taskEvent(1, 1)], never))
  await stack.withAdmin(async (admin) => {
    const mayUse = { principal: 'User:todo', host: '*', permissionType: 3, resourcePatternType: 3 }
    const [topic, group, read, write] = [2, 3, 3, 4]
    await admin.createAcls({
      acl: [
        { ...mayUse, resourceType: topic, resourceName: '*', operation: read },
        { ...mayUse, resourceType: topic, resourceName: '*', operation: write },
        { ...mayUse, resourceType: group, resourceName: 'notifier', operation: read },
      ],
    })
  })
  const event = taskEvent(2, 1)
  const end = Date.now() + 20_000
  for (;;) {
    const [result] = await bus.publish([event], never).catch(() => [])
    if (result?.ok) break
    assert.ok(Date.now() < end, 'published in time')
  }
  await consumer.arrived.until(
    'the event',
    (seen) => seen.some((one) => one.eventId === event.eventId),
    40_000,
  )
})

test('a sidecar with a wrong password has not loaded the bus, and tells so', async () => {
  await stack.stack.stop('daprd-server')
  login.password = 'wrong'
  await stack.stack.start('daprd-server')
  const client = createGuardedClient({
    sidecar: stack.sidecar('server'),
    apiToken: stack.secrets.daprApiToken,
  })
  stack.atEnd(client.close)
  assert.deepEqual((await inspectSidecar(client)).missing, ['task-pubsub'])
})
