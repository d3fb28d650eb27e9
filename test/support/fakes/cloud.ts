import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { CommandError, type Run } from '../../../deploy/doks/command.ts'
import { doctl } from './doctl.ts'

/** One call of a program, as the fake saw it. */
export type Call = { program: string; args: string[]; input: string }

export type Cloud = {
  /** In place of the real programs: `doctl`, `kubectl` and `helm` that know only this account. */
  run: Run
  calls: Call[]
  state: State
}

export type Named = { id: string; name: string; [field: string]: unknown }

/** What the account and the cluster hold. */
export type State = {
  vpcs: Named[]
  clusters: Named[]
  databases: Named[]
  rules: Record<string, { type: string; value: string }[]>
  schemas: Record<string, { name: string }[]>
  users: Record<string, { name: string; password: string }[]>
  contexts: string[]
  /** Objects in the cluster by `kind/name`. */
  objects: Record<string, { metadata: { name: string; namespace?: string } } & Record<string, unknown>>
  releases: Record<string, { chart: string; values: unknown }>
  /** Looks until a new database is online. */
  onlineAfter: number
}

const emptyState = (): State => ({
  vpcs: [],
  clusters: [],
  databases: [],
  rules: {},
  schemas: {},
  users: {},
  contexts: [],
  objects: {},
  releases: {},
  onlineAfter: 2,
})

/** An account without anything in it, and an empty cluster behind it. */
export function createCloud(): Cloud {
  const state = emptyState()
  const calls: Call[] = []
  const programs: Record<string, (args: string[], input: string) => string> = {
    doctl: (args) => doctl(state, args),
    kubectl: (args, input) => kubectl(state, args, input),
    helm: (args, input) => helm(state, args, input),
  }
  return {
    state,
    calls,
    run: async (program, args, { input = '' } = {}) => {
      calls.push({ program, args, input })
      try {
        return programs[program]!(args, input)
      } catch (error) {
        throw new CommandError(program, `Error: ${(error as Error).message}`)
      }
    },
  }
}

const text = { type: 'string' } as const
const flag = { type: 'boolean' } as const

function reach(state: State, context: string | undefined): void {
  if (context === undefined || !state.contexts.includes(context)) throw new Error(`no context ${context}`)
}

function kubectl(state: State, args: string[], input: string): string {
  if (args[0] === 'version') return 'Client Version: v1.34.4\nKustomize Version: v5.7.1\n'
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      context: text,
      namespace: text,
      filename: text,
      output: text,
      selector: text,
      'server-side': flag,
      'force-conflicts': flag,
      'ignore-not-found': flag,
    },
  })
  reach(state, values.context)
  const [verb, what = ''] = positionals
  if (verb === 'apply') {
    for (const item of JSON.parse(input).items) {
      const namespace = item.metadata.namespace
      if (namespace !== undefined && state.objects[`namespace/${namespace}`] === undefined)
        throw new Error(`namespaces "${namespace}" not found`)
      state.objects[`${item.kind.toLowerCase()}/${item.metadata.name}`] = item
    }
    return ''
  }
  if (verb !== 'get') throw new Error(`unknown command ${verb}`)
  if (what === 'secrets')
    return Object.keys(state.objects)
      .filter((name) => name.startsWith('secret/'))
      .map((name) => `${name}\n`)
      .join('')
  if (what === 'pods') return JSON.stringify({ items: state.objects.pods ?? [] })
  const object = state.objects[what]
  if (object === undefined) throw new Error(`${what} not found`)
  return values.output?.startsWith('jsonpath') ? '203.0.113.7' : JSON.stringify(object)
}

function helm(state: State, args: string[], input: string): string {
  if (args[0] === 'version') return 'v3.21.4+g1234567\n'
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      'kube-context': text,
      namespace: text,
      repo: text,
      version: text,
      timeout: text,
      install: flag,
      wait: flag,
      'create-namespace': flag,
      values: { type: 'string', multiple: true },
      set: { type: 'string', multiple: true },
    },
  })
  reach(state, values['kube-context'])
  const [verb, release = '', chart = ''] = positionals
  if (verb !== 'upgrade' || !values.install) throw new Error(`unknown command ${verb}`)
  if (values.repo !== undefined && values.version === undefined)
    throw new Error('a foreign chart needs a version')
  for (const file of values.values ?? []) if (file !== '-') readFileSync(file)
  state.releases[release] = { chart, values: input === '' ? null : JSON.parse(input) }
  return ''
}
