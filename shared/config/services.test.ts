import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { daprConfig } from '../config.ts'
import { AppError } from '../errors.ts'
import { migrateConfig, notifierConfig, recurrerConfig, serveConfig, serverConfig } from './services.ts'

const good = {
  DATABASE_URL: 'postgres://todo@localhost/todo',
  JWT_SECRET: 'kq8Zt1n4Yw7Rb2Xs5Vd9Lf3Hj6Gm0Pc+',
}

const faultsOf = (read: () => unknown): AppError => {
  try {
    read()
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

test('.env.example names exactly the variables that the services read', async () => {
  const asked = new Set<string>()
  const env = new Proxy(good, {
    get: (target, name) => {
      asked.add(String(name))
      return target[name as keyof typeof good]
    },
  })
  for (const read of [serverConfig, serveConfig, migrateConfig, notifierConfig, recurrerConfig, daprConfig])
    read(env)
  const example = await readFile(join(import.meta.dirname, '../../.env.example'), 'utf8')
  const named = [...example.matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name)
  assert.deepEqual(named.toSorted(), [...asked].toSorted())
})

test('the example itself does not start a server', async () => {
  const example = await readFile(join(import.meta.dirname, '../../.env.example'), 'utf8')
  const env = Object.fromEntries(
    [...example.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [name, value]),
  )
  assert.deepEqual(
    faultsOf(() => serverConfig(env)).fields.map(({ pointer }) => pointer),
    ['/JWT_SECRET'],
  )
})

test('what is absent has its default, and an empty value is absent', () => {
  const config = serverConfig({ ...good, PORT: '', RATE_LIMIT: ' ' })
  assert.deepEqual(config, {
    port: 8080,
    host: '0.0.0.0',
    databaseUrl: good.DATABASE_URL,
    logLevel: 'info',
    publicUrl: null,
    tracing: { endpoint: null, headers: {}, ratio: 1 },
    jwtSecret: good.JWT_SECRET,
    jwtSecretPrevious: null,
    rateLimit: 600,
    authRateLimit: 10,
    trustedProxies: [],
    metricsFrom: ['loopback'],
    metricsToken: null,
    drainMs: 500,
    webhookAllowPrivate: false,
    sendgridPublicKey: null,
    secretKeys: { current: null, previous: null },
  })
})

test('all faults are told at once, in one line, by name and never with their value', () => {
  const env = {
    PORT: '80x80',
    LOG_LEVEL: 'chatty',
    DATABASE_URL: 'mysql://root:hunter2@db',
    JWT_SECRET: 'hunter2',
    JWT_SECRET_PREVIOUS: 'hunter3',
    RATE_LIMIT: '-1',
    TRUSTED_PROXIES: '10.0.0.0/8,hunter4',
    METRICS_FROM: 'loopback,hunter6',
    METRICS_TOKEN: 'hunter7',
    DRAIN_MS: '-1',
    PUBLIC_URL: 'ftp://hunter5',
    SECRETS_KEY: 'hunter6',
  }
  const { message, fields } = faultsOf(() => serverConfig(env))
  const names = fields.map(({ pointer }) => pointer.slice(1)).toSorted()
  assert.deepEqual(names, Object.keys(env).toSorted())
  for (const name of names) assert.match(message, new RegExp(`\\b${name} `))
  assert.doesNotMatch(message, /hunter|chatty|80x80|\n/)
})

test('a secret that is missing, short, a default or an example is refused', () => {
  const weak = [
    ...['', 'tiny', 'x'.repeat(31), 'ü'.repeat(15)],
    ...['change-me-change-me-change-me-change-me', 'CHANGEME_CHANGEME_CHANGEME_CHANGEME'],
    ...['your-256-bit-secret-your-256-bit-secret', 'your-super-secret-jwt-key-with-32-bytes'],
    ...['a-string-secret-at-least-256-bits-long', 'example-example-example-example-example'],
    ...[
      'default-secret-default-secret-default',
      'secretsecretsecretsecretsecretsecret',
      'replace-me-with-32-random-bytes-please',
    ],
  ]
  for (const JWT_SECRET of weak) {
    const { message, fields } = faultsOf(() => serverConfig({ ...good, JWT_SECRET }))
    assert.equal(fields[0]!.pointer, '/JWT_SECRET')
    if (JWT_SECRET !== '') assert.ok(!message.includes(JWT_SECRET))
  }
  for (const JWT_SECRET of ['ü'.repeat(16), 'integration-tests-use-this-jwt-key-0123', good.JWT_SECRET]) {
    assert.equal(serverConfig({ ...good, JWT_SECRET }).jwtSecret, JWT_SECRET)
  }
})

test('proxies are addresses and networks', () => {
  const config = serverConfig({ ...good, TRUSTED_PROXIES: '10.0.0.0/8, 192.168.1.7 ,fd00::/8' })
  assert.deepEqual(config.trustedProxies, ['10.0.0.0/8', '192.168.1.7', 'fd00::/8'])
  for (const TRUSTED_PROXIES of ['10.0.0.0/33', '10.0.0/8', 'proxy.local', '10.0.0.1/', '10.0.0.1,']) {
    assert.equal(faultsOf(() => serverConfig({ ...good, TRUSTED_PROXIES })).fields.length, 1, TRUSTED_PROXIES)
  }
})
