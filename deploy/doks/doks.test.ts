import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { doksConfig } from '../../shared/config.ts'
import { type Cloud, createCloud } from '../../test/support/fakes/cloud.ts'
import { authority, documented, parseDoctl } from '../../test/support/fakes/doctl.ts'
import { createRun } from './command.ts'
import { doctlArgs } from './doctl-args.ts'
import { down } from './down.ts'
import { planLines } from './plan.ts'
import { readSettings, type Settings } from './settings.ts'
import { up, type Work } from './up.ts'

const chosen = {
  DOKS_HOST: 'todo.example.com',
  ACME_EMAIL: 'ann@example.com',
  IMAGE: 'registry.digitalocean.com/ann/todo:1.2.0',
}
const redpanda = {
  KAFKA_BROKERS: 'seed-1.fmc.cloud.redpanda.com:9092,seed-2.fmc.cloud.redpanda.com:9092',
  KAFKA_USERNAME: 'todo',
  KAFKA_PASSWORD: 'redpanda-secret',
  KAFKA_SASL_MECHANISM: 'scram-sha-512',
}

function settingsOf(variables: Record<string, string>): Settings {
  const { settings, faults } = readSettings(doksConfig(variables), { forUp: true })
  assert.deepEqual(faults, [])
  return settings
}

let cloud: Cloud
let said: string[]

beforeEach(() => {
  cloud = createCloud()
  said = []
})

function workOf(variables: Record<string, string> = chosen): Work {
  const settings = settingsOf(variables)
  return { run: cloud.run, say: (line) => said.push(line), settings, pauseMs: 1 }
}

const secretsOf = (cloud: Cloud): Record<string, Record<string, string>> =>
  Object.fromEntries(
    Object.entries(cloud.state.objects).flatMap(([name, object]) =>
      name.startsWith('secret/')
        ? [[name.slice(7), (object as unknown as { stringData: Record<string, string> }).stringData]]
        : [],
    ),
  )

const changes = (cloud: Cloud) =>
  cloud.calls
    .filter(
      ({ program, args }) => program === 'doctl' && /\b(create|append|add|delete)\b/.test(args.join(' ')),
    )
    .map(({ args }) => parseDoctl(args).command)

test('every call of doctl is one that doctl documents, with its flags', () => {
  const settings = settingsOf(chosen)
  const ids = { vpc: 'v', cluster: 'c', postgres: 'p', valkey: 'k', kafka: 'b' }
  const all = [
    ...[doctlArgs.account(), doctlArgs.vpcs(), doctlArgs.clusters(), doctlArgs.databases()],
    ...[doctlArgs.createVpc(settings), doctlArgs.createCluster(settings, ids)],
    ...[doctlArgs.saveKubeconfig(settings, ids), doctlArgs.createPostgres(settings, ids)],
    ...[
      doctlArgs.joinRegistry(ids),
      doctlArgs.createValkey(settings, ids),
      doctlArgs.createKafka(settings, ids),
    ],
    ...[doctlArgs.database('p'), doctlArgs.rules('p'), doctlArgs.admitCluster(ids, 'postgres')],
    ...[doctlArgs.connection('p'), doctlArgs.authority('b'), doctlArgs.schemas('p')],
    ...[doctlArgs.createSchema(ids), doctlArgs.kafkaUsers('b'), doctlArgs.createKafkaUser(ids)],
    ...[doctlArgs.deleteCluster('c'), doctlArgs.deleteDatabase('p'), doctlArgs.deleteVpc('v')],
  ]
  assert.equal(all.length, Object.keys(doctlArgs).length, 'one of each')
  for (const args of all) parseDoctl(args)
  const used = new Set([...all.map((args) => parseDoctl(args).command), 'version'])
  assert.deepEqual([...used].sort(), Object.keys(documented.commands).sort())
  assert.throws(() => parseDoctl(['vpcs', 'create', '--nmae', 'x']), /unknown flag/)
  assert.throws(() => parseDoctl(['databases', 'delete', 'p', '--force', 'true']), /takes 1 arguments/)
})

test('the plan needs no doctl and no account, and holds the commands, what they make and the cost', () => {
  const lines = planLines(settingsOf(chosen)).join('\n')
  assert.match(lines, /doctl vpcs create --name todo-vpc --region fra1/)
  assert.match(lines, /databases create todo-pg --engine pg .*--private-network-uuid '<id of the vpc>'/)
  assert.match(lines, /helm --kube-context doks-todo upgrade --install todo deploy\/chart/)
  assert.match(lines, /3 x nodes s-2vcpu-4gb +\$72\.00/)
  assert.match(lines, /a month +\$350\.05/)
  assert.match(lines, /Nothing was done/)
  assert.deepEqual(cloud.calls, [])
  const foreign = planLines(settingsOf({ ...chosen, ...redpanda, DOKS_NODE_SIZE: 's-99vcpu' })).join('\n')
  assert.match(foreign, /SCRAM-SHA-512 over TLS/)
  assert.doesNotMatch(foreign, /engine kafka|redpanda-secret/)
  assert.match(foreign, /price not known here/)
  assert.match(foreign, /at least \$131\.05/)
})

test('all that is wrong with the settings is told at once, and nothing is begun', () => {
  const variables = {
    DOKS_NAME: 'My Cluster',
    DOKS_NODES: '0',
    DOKS_HOST: 'localhost',
    IMAGE: 'todo:latest',
    KAFKA_BROKERS: 'a:9092',
    KAFKA_SASL_MECHANISM: 'PLAIN',
  }
  const { faults } = readSettings(doksConfig(variables), { forUp: true })
  for (const name of ['DOKS_NAME', 'DOKS_NODES', 'DOKS_HOST', 'ACME_EMAIL', 'IMAGE', 'KAFKA_USERNAME'])
    assert.ok(
      faults.some((fault) => fault.startsWith(name)),
      name,
    )
  assert.ok(faults.some((fault) => fault.startsWith('KAFKA_SASL_MECHANISM')))
  assert.ok(faults.some((fault) => fault.startsWith('KAFKA_PASSWORD')))
})

test('from an empty account everything is made, guarded and installed; a second time nothing is made', async () => {
  assert.equal(await up(workOf()), 0)
  const state = cloud.state
  const [cluster] = state.clusters
  assert.deepEqual(
    state.databases.map(({ name, engine, vpc }) => [name, engine, vpc]),
    [
      ['todo-pg', 'pg', state.vpcs[0]!.id],
      ['todo-kv', 'valkey', state.vpcs[0]!.id],
      ['todo-kafka', 'kafka', state.vpcs[0]!.id],
    ],
  )
  for (const { id } of state.databases)
    assert.deepEqual(state.rules[id], [{ type: 'k8s', value: cluster!.id }])
  const secrets = secretsOf(cloud)
  assert.equal(
    secrets['todo-database']!.url,
    'postgres://doadmin:todo-pg%2Fp%40ss%3Aword@private-todo-pg.db.ondigitalocean.com:25060/todo?sslmode=require',
  )
  assert.deepEqual(secrets['todo-kafka'], {
    username: 'todo',
    password: 'kafka-secret',
    'ca.crt': authority,
  })
  assert.ok(Buffer.byteLength(secrets['todo-jwt']!.secret!) >= 32)
  assert.equal(Buffer.from(secrets['todo-sealing']!.key!, 'base64').length, 32)
  assert.deepEqual(state.releases.todo!.values, {
    image: { repository: 'registry.digitalocean.com/ann/todo', tag: '1.2.0' },
    publicUrl: 'https://todo.example.com',
    kafka: {
      brokers: 'private-todo-kafka.db.ondigitalocean.com:25073',
      saslMechanism: 'SHA-256',
      replicationFactor: 3,
    },
    redis: { host: 'private-todo-kv.db.ondigitalocean.com:25061', username: 'default' },
    networkPolicy: {
      database: [{ ports: [{ port: 25060, protocol: 'TCP' }] }],
      redis: [{ ports: [{ port: 25061, protocol: 'TCP' }] }],
      kafka: [{ ports: [{ port: 25073, protocol: 'TCP' }] }],
    },
    gateway: { enabled: true, existing: 'todo-gateway/todo', host: 'todo.example.com' },
  })
  assert.deepEqual(Object.keys(state.releases), ['dapr', 'cert-manager', 'todo'])
  assert.match(said.join('\n'), /todo\.example\.com point to 203\.0\.113\.7/)
  const made = changes(cloud)
  assert.equal(await up(workOf()), 0)
  assert.deepEqual(changes(cloud), made)
  assert.deepEqual(secretsOf(cloud)['todo-jwt'], secrets['todo-jwt'], 'nobody is signed out')
})

test('no password is ever an argument of a program or said', async () => {
  await up(workOf({ ...chosen, ...redpanda }))
  const told = [...cloud.calls.flatMap(({ args }) => args), ...said].join('\n')
  const secret = Object.values(secretsOf(cloud)).flatMap((data) => Object.values(data))
  for (const value of secret.filter((one) => one !== 'todo' && one !== ''))
    assert.ok(!told.includes(value), value)
  assert.doesNotMatch(told, /p@ss|p%40ss|redpanda-secret/)
  const applied = cloud.calls.filter(({ args }) => args.includes('apply'))
  assert.ok(applied.every(({ args }) => args.includes('--server-side')))
})

test('what failed half-way is taken up where it ended', async () => {
  const work = workOf()
  const stopsAt =
    (words: string): Work['run'] =>
    (program, args, options) => {
      if (args.join(' ').startsWith(words)) throw new Error('the line was cut')
      return work.run(program, args, options)
    }
  for (const words of ['databases create todo-kv', 'kubernetes cluster create', 'databases firewalls append'])
    await assert.rejects(up({ ...work, run: stopsAt(words) }), /the line was cut/)
  assert.equal(await up(work), 0)
  assert.deepEqual(
    changes(cloud).sort(),
    [
      ...['vpcs create', 'kubernetes cluster create', 'kubernetes cluster registry add'],
      ...['databases db create', 'databases user create'],
      ...Array(3).fill('databases create'),
      ...Array(3).fill('databases firewalls append'),
    ].sort(),
  )
})

test('the cluster may read the image before anything is installed that needs it, and is told so once', async () => {
  await up(workOf())
  await up(workOf())
  const told = cloud.calls.map(({ program, args }) => `${program} ${args.join(' ')}`)
  const at = (words: string) => told.flatMap((call, place) => (call.includes(words) ? [place] : []))
  assert.equal(at('registry add').length, 1)
  assert.ok(at('registry add')[0]! < at('upgrade --install todo')[0]!)
  assert.match(planLines(settingsOf(chosen)).join('\n'), /registry add '<id of the cluster>'/)
  cloud = createCloud()
  const elsewhere = { ...chosen, IMAGE: 'ghcr.io/ann/todo:1.2.0' }
  await up(workOf(elsewhere))
  assert.ok(cloud.calls.every(({ args }) => !args.includes('registry')))
  assert.doesNotMatch(planLines(settingsOf(elsewhere)).join('\n'), /registry add/)
})

test('another broker with SCRAM over TLS takes the place of Kafka', async () => {
  await up(workOf({ ...chosen, ...redpanda }))
  const state = cloud.state
  assert.deepEqual(
    state.databases.map(({ engine }) => engine),
    ['pg', 'valkey'],
  )
  const values = state.releases.todo!.values as { kafka: object; networkPolicy: { kafka: object[] } }
  assert.deepEqual(values.kafka, {
    brokers: redpanda.KAFKA_BROKERS,
    saslMechanism: 'SHA-512',
    replicationFactor: -1,
  })
  assert.deepEqual(values.networkPolicy.kafka, [{ ports: [{ port: 9092, protocol: 'TCP' }] }])
  assert.equal(secretsOf(cloud)['todo-kafka']!.password, 'redpanda-secret')
})

test('the plain listener takes no route of the product, and a balancer with a certificate can take its place', async () => {
  await up(workOf())
  type Listener = { name: string; allowedRoutes: { namespaces: { from: string; selector?: object } } }
  const gateway = cloud.state.objects['gateway/todo'] as unknown as { spec: { listeners: Listener[] } }
  const [http, https] = gateway.spec.listeners
  assert.deepEqual([http!.name, http!.allowedRoutes.namespaces.from], ['http', 'Same'])
  assert.deepEqual(https!.allowedRoutes.namespaces.selector, {
    matchLabels: { 'kubernetes.io/metadata.name': 'todo' },
  })
  Object.assign(cloud.state, { objects: {}, releases: {} })
  await up(workOf({ DOKS_HOST: 'todo.example.com', IMAGE: chosen.IMAGE, DOKS_CERTIFICATE_ID: 'cert-1' }))
  const { objects, releases } = cloud.state
  assert.deepEqual(Object.keys(releases), ['dapr', 'todo'])
  const service = objects['service/todo-public'] as unknown as {
    metadata: { annotations: Record<string, string> }
  }
  const annotation = (name: string) =>
    service.metadata.annotations[`service.beta.kubernetes.io/do-loadbalancer-${name}`]
  assert.deepEqual(['type', 'certificate-id', 'redirect-http-to-https', 'tls-ports'].map(annotation), [
    'REGIONAL',
    'cert-1',
    'true',
    '443',
  ])
})

test('what is missing or too old is named with where it is to be had', async () => {
  const work = workOf()
  const run: Work['run'] = (program, args, options) =>
    program === 'helm'
      ? Promise.resolve('v3.9.0')
      : program === 'kubectl'
        ? createRun({ PATH: '/nowhere' })(program, args)
        : work.run(program, args, options)
  assert.equal(await up({ ...work, run }), 1)
  assert.match(said.join('\n'), /kubectl is not installed\. https/)
  assert.match(said.join('\n'), /helm 3\.14 or later is needed: https/)
  assert.deepEqual(changes(cloud), [])
})

test('removing asks for the name, keeps the databases, and takes them only when told', async () => {
  await up(workOf())
  const before = changes(cloud).length
  const asked: string[] = []
  const consent = { yes: null, deleteData: false }
  const answer = (text: string) => async (question: string) => {
    asked.push(question)
    return text
  }
  assert.equal(await down(workOf(), { ...consent, ask: null }), 1)
  assert.equal(await down(workOf(), { ...consent, ask: answer('yes') }), 1)
  assert.equal(changes(cloud).length, before)
  assert.equal(await down(workOf(), { ...consent, ask: answer('todo') }), 0)
  assert.match(asked[1]!, /Type todo/)
  assert.deepEqual(changes(cloud).slice(before), ['kubernetes cluster delete'])
  assert.equal(cloud.state.databases.length, 3)
  assert.match(said.join('\n'), /Kept, and paid for: postgres, valkey, kafka/)
  assert.equal(await down(workOf(), { ask: null, yes: 'todo', deleteData: true }), 0)
  const { databases, vpcs, clusters } = cloud.state
  assert.deepEqual([databases, vpcs, clusters], [[], [], []])
  assert.equal(await down(workOf(), { ask: null, yes: 'todo', deleteData: true }), 0)
})
