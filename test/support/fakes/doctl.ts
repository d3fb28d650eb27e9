import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Named, State } from './cloud.ts'

type Kind = 'text' | 'number' | 'flag' | 'list'
type Documented = {
  global: Record<string, Kind>
  commands: Record<string, { takes: string[]; flags: Record<string, Kind> }>
}

/** Commands and flags of doctl as its own source defines them. */
export const documented: Documented = JSON.parse(
  readFileSync(join(import.meta.dirname, 'doctl-commands.json'), 'utf8'),
)

export type Parsed = { command: string; words: string[]; flags: Record<string, string> }

/** Reads arguments as doctl does, and refuses what it would: unknown commands and flags, wrong values, missing words. */
export function parseDoctl(args: string[]): Parsed {
  const names = Object.keys(documented.commands).sort((a, b) => b.length - a.length)
  const command = names.find((name) => `${args.join(' ')} `.startsWith(`${name} `))
  if (command === undefined) throw new Error(`unknown command ${args.slice(0, 4).join(' ')}`)
  const { takes, flags: known } = documented.commands[command]!
  const words: string[] = []
  const flags: Record<string, string> = {}
  const rest = args.slice(command.split(' ').length)
  while (rest.length > 0) {
    const word = rest.shift()!
    if (!word.startsWith('-')) {
      words.push(word)
      continue
    }
    const [name = '', given] = word.replace(/^--/, '').split(/=(.*)/s)
    const kind = known[name] ?? documented.global[name]
    if (kind === undefined) throw new Error(`unknown flag: ${word}`)
    // A flag takes no word after it: `--wait true` would be an argument of the command.
    const value = kind === 'flag' ? (given ?? 'true') : (given ?? rest.shift())
    if (value === undefined) throw new Error(`flag needs an argument: ${word}`)
    if (kind === 'flag' && !/^(true|false)$/.test(value)) throw new Error(`invalid argument for ${word}`)
    if (kind === 'number' && !/^\d+$/.test(value)) throw new Error(`invalid argument for ${word}`)
    flags[name] = value
  }
  if (words.length !== takes.length)
    throw new Error(`${command} takes ${takes.length} arguments, got ${words.length}`)
  return { command, words, flags }
}

const required: Record<string, string[]> = {
  'vpcs create': ['name', 'region'],
  'kubernetes cluster create': ['region'],
  'databases firewalls append': ['rule'],
}

/** Does what doctl would do to the account and answers what it would print. */
export function doctl(state: State, args: string[]): string {
  const { command, words, flags } = parseDoctl(args)
  for (const name of required[command] ?? [])
    if (flags[name] === undefined) throw new Error(`(${command}.${name}) is required`)
  const [id = '', second = ''] = words
  const answer = (value: unknown) => (flags.output === 'json' ? JSON.stringify(value) : 'ID    Name\n')
  const database = () => found(state.databases, id)
  switch (command) {
    case 'version':
      return 'doctl version 1.166.0-release\n'
    case 'account get':
      return answer({ email: 'ann@example.org', status: 'active' })
    case 'vpcs list':
      return answer(state.vpcs)
    case 'vpcs create':
      state.vpcs.push({ id: randomUUID(), name: flags.name!, region: flags.region })
      return answer(state.vpcs.slice(-1))
    case 'vpcs delete':
      if ([...state.databases, ...state.clusters].some((one) => one.vpc === id))
        throw new Error('409 Can not delete VPC with members')
      state.vpcs = without(state.vpcs, id)
      return ''
    case 'kubernetes cluster list':
      return answer(state.clusters)
    case 'kubernetes cluster create':
      found(state.vpcs, flags['vpc-uuid'] ?? '')
      state.clusters.push({ id: randomUUID(), name: id, region: flags.region, vpc: flags['vpc-uuid'] })
      return answer(state.clusters.slice(-1))
    case 'kubernetes cluster kubeconfig save':
      found(state.clusters, id)
      state.contexts.push(flags.alias!)
      return ''
    case 'kubernetes cluster registry add':
      found(state.clusters, id).registry_enabled = true
      return ''
    case 'kubernetes cluster delete':
      state.clusters = without(state.clusters, id)
      return ''
    case 'databases list':
      return answer(state.databases.length === 0 ? null : state.databases)
    case 'databases create':
      return answer([createDatabase(state, id, flags)])
    case 'databases get':
      return answer([look(state, database())])
    case 'databases delete':
      database()
      state.databases = without(state.databases, id)
      return ''
    case 'databases connection':
      return answer(connection(database(), flags.private === 'true'))
    case 'databases get-ca':
      database()
      return answer({ certificate: Buffer.from(authority).toString('base64') })
    default:
      return inside(state, { command, id: String(database().id), second, flags, answer })
  }
}

export const authority = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'

type Inside = {
  command: string
  id: string
  second: string
  flags: Record<string, string>
  answer: (value: unknown) => string
}

function inside(state: State, { command, id, second, flags, answer }: Inside): string {
  switch (command) {
    case 'databases firewalls list':
      return answer(state.rules[id] ?? null)
    case 'databases firewalls append': {
      const [type = '', value = ''] = flags.rule!.split(/:(.*)/s)
      if (!['droplet', 'k8s', 'ip_addr', 'tag', 'app'].includes(type)) throw new Error('422 invalid type')
      if (type === 'k8s') found(state.clusters, value)
      ;(state.rules[id] ??= []).push({ type, value })
      return ''
    }
    case 'databases db list':
      return answer(state.schemas[id] ?? [{ name: 'defaultdb' }])
    case 'databases db create':
      ;(state.schemas[id] ??= [{ name: 'defaultdb' }]).push({ name: second })
      return ''
    case 'databases user list':
      return answer(state.users[id] ?? [{ name: 'doadmin', password: 'admin-secret' }])
    case 'databases user create': {
      const rights = /^(\*|[\w.-]+):(admin|consume|produce|produceconsume)$/
      for (const rule of flags.acl?.split(',') ?? [])
        if (!rights.test(rule)) throw new Error(`422 invalid ACL ${rule}`)
      ;(state.users[id] ??= []).push({ name: second, password: 'kafka-secret' })
      return ''
    }
    default:
      throw new Error(`the fake does not know ${command}`)
  }
}

function found(rows: Named[], id: string): Named {
  const row = rows.find((one) => one.id === id)
  if (row === undefined) throw new Error(`404 (request "${randomUUID()}") The resource was not found: ${id}`)
  return row
}

const without = (rows: Named[], id: string): Named[] => {
  found(rows, id)
  return rows.filter((row) => row.id !== id)
}

function createDatabase(state: State, name: string, flags: Record<string, string>): Named {
  if (!['pg', 'mysql', 'valkey', 'kafka', 'opensearch', 'mongodb'].includes(flags.engine ?? 'pg'))
    throw new Error(`422 invalid engine ${flags.engine}`)
  found(state.vpcs, flags['private-network-uuid'] ?? '')
  if (state.databases.some((one) => one.name === name)) throw new Error('422 cluster name is not available')
  const database: Named = {
    id: randomUUID(),
    name,
    engine: flags.engine,
    status: 'creating',
    looks: 0,
    vpc: flags['private-network-uuid'],
  }
  state.databases.push(database)
  return database
}

/** A new one is online after some looks. */
function look(state: State, database: Named): Named {
  database.looks = Number(database.looks) + 1
  if (Number(database.looks) >= state.onlineAfter) database.status = 'online'
  return database
}

const ports: Record<string, number> = { pg: 25060, valkey: 25061, kafka: 25073 }

function connection({ name, engine, status }: Named, isPrivate: boolean) {
  if (status !== 'online') throw new Error('the database is not online')
  const host = `${isPrivate ? 'private-' : ''}${name}.db.ondigitalocean.com`
  const user = engine === 'valkey' ? 'default' : 'doadmin'
  return { host, port: ports[String(engine)], user, password: `${name}/p@ss:word`, uri: '', ssl: true }
}
