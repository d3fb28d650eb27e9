import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { readVersions, root } from '../deploy/local/settings.ts'

// Schemas for kubeconform, made once of what package registries hold: Kubernetes' own from a package of PyPI, those of
// custom resources from the definitions in their projects' Go modules.

type Schema = { [key: string]: unknown; properties?: Record<string, Schema> }
type Definition = {
  kind?: string
  spec?: {
    group: string
    names: { kind: string }
    versions: { name: string; schema?: { openAPIV3Schema?: Schema } }[]
  }
}

/** What we bring into a cluster, by kubeconform's names. A kind without a schema is an error there, so none is forgotten. */
const kinds = [
  ...['configmap-v1', 'deployment-apps-v1', 'statefulset-apps-v1', 'job-batch-v1', 'namespace-v1', 'pod-v1'],
  ...['service-v1', 'serviceaccount-v1', 'networkpolicy-networking-v1', 'poddisruptionbudget-policy-v1'],
  ...['horizontalpodautoscaler-autoscaling-v2', 'secret-v1', 'cronjob-batch-v1'],
  'validatingadmissionpolicy-admissionregistration-v1',
  'validatingadmissionpolicybinding-admissionregistration-v1',
]

/** Go modules with definitions of custom resources, and where in them these lie. */
const modules = (versions: Record<string, string>): [module: string, folder: string][] => [
  [`github.com/dapr/dapr@v${versions.DAPR_VERSION}`, 'charts/dapr/crds'],
  [`sigs.k8s.io/gateway-api@v${versions.GATEWAY_API_VERSION}`, 'config/crd/standard'],
  [`github.com/kedacore/keda/v2@v${versions.KEDA_VERSION}`, 'config/crd/bases'],
  [
    `github.com/prometheus-operator/prometheus-operator@v${versions.PROMETHEUS_OPERATOR_VERSION}`,
    'example/prometheus-operator-crd',
  ],
]

/** Makes the schemas unless they are there; resolves with kubeconform's names for where they are. */
export function ensureSchemas(kubernetes: string): string[] {
  const versions = readVersions()
  const wanted = [
    kubernetes,
    versions.KUBERNETES_VALIDATE_VERSION,
    ...modules(versions).flat(),
    ...kinds,
  ].join(' ')
  const folder = join(root, '.cache/schemas')
  const mark = join(folder, 'made-of')
  if (!existsSync(mark) || readFileSync(mark, 'utf8') !== wanted) {
    const part = `${folder}.part`
    rmSync(part, { recursive: true, force: true })
    mkdirSync(part, { recursive: true })
    makeKubernetes(part, kubernetes, versions.KUBERNETES_VALIDATE_VERSION!)
    for (const [module, place] of modules(versions)) makeCustom(part, module, place)
    writeFileSync(join(part, 'made-of'), wanted)
    rmSync(folder, { recursive: true, force: true })
    renameSync(part, folder)
  }
  return [
    join(folder, '{{.ResourceKind}}{{.KindSuffix}}.json'),
    join(folder, '{{.Group}}/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json'),
  ]
}

function makeKubernetes(folder: string, kubernetes: string, version: string): void {
  const temporary = mkdtempSync(join(tmpdir(), 'todo-schemas-'))
  const python = (...args: string[]) => execFileSync('python3', args, { cwd: temporary, stdio: 'pipe' })
  try {
    python('-m', 'pip', 'download', '--quiet', '--no-deps', `kubernetes-validate==${version}`)
    python('-m', 'zipfile', '-e', readdirSync(temporary).find((name) => name.endsWith('.whl'))!, 'all')
    const from = join(temporary, `all/kubernetes_validate/kubernetes-json-schema/v${kubernetes}-local-strict`)
    const read = (name: string) =>
      readFileSync(join(from, name), 'utf8').replaceAll('/api/_definitions.json#', '#')
    const { $defs } = JSON.parse(read('_definitions.json')) as { $defs: Record<string, Schema> }
    for (const kind of kinds) {
      const schema = JSON.parse(read(`${kind}.json`)) as Schema
      writeFileSync(join(folder, `${kind}.json`), JSON.stringify({ ...schema, $defs: usedBy(schema, $defs) }))
    }
  } finally {
    rmSync(temporary, { recursive: true, force: true })
  }
}

/** The definitions that a schema refers to, and those that these refer to. */
function usedBy(schema: Schema, all: Record<string, Schema>): Record<string, Schema> {
  const used: Record<string, Schema> = {}
  const add = (one: Schema) => {
    for (const [, name] of JSON.stringify(one).matchAll(/"#\/\$defs\/([^"]+)"/g)) {
      if (used[name!] !== undefined) continue
      used[name!] = all[name!]!
      add(all[name!]!)
    }
  }
  add(schema)
  return used
}

function makeCustom(folder: string, module: string, place: string): void {
  const said = execFileSync('go', ['mod', 'download', '-json', module], { cwd: tmpdir(), encoding: 'utf8' })
  const from = join((JSON.parse(said) as { Dir: string }).Dir, place)
  for (const name of readdirSync(from).filter((one) => one.endsWith('.yaml'))) {
    for (const document of parseAllDocuments(readFileSync(join(from, name), 'utf8'))) {
      writeDefinition(folder, (document.toJS() ?? {}) as Definition)
    }
  }
}

function writeDefinition(folder: string, { kind, spec }: Definition): void {
  if (kind !== 'CustomResourceDefinition' || spec === undefined) return
  mkdirSync(join(folder, spec.group), { recursive: true })
  for (const { name, schema } of spec.versions) {
    const { properties, ...rest } = strict(schema?.openAPIV3Schema ?? {})
    // A definition leaves these to every object.
    const common = { apiVersion: { type: 'string' }, kind: { type: 'string' }, metadata: { type: 'object' } }
    const file = join(folder, spec.group, `${spec.names.kind.toLowerCase()}_${name}.json`)
    writeFileSync(file, JSON.stringify({ ...rest, properties: { ...properties, ...common } }))
  }
}

/**
 * As the API server takes it: what is not named is refused, except where a definition lets it through; a nullable or a
 * number-or-text is what JSON Schema calls a list of types.
 */
export function strict(schema: Schema): Schema {
  const made: Schema = {}
  for (const [key, value] of Object.entries(schema)) {
    if (key.startsWith('x-kubernetes-') || key === 'nullable') continue
    made[key] = isSchema(value) && key !== 'default' && key !== 'properties' ? strict(value) : value
  }
  if (schema.properties !== undefined) {
    const entries = Object.entries(schema.properties).map(([name, one]) => [name, strict(one)] as const)
    made.properties = Object.fromEntries(entries)
    if (schema['x-kubernetes-preserve-unknown-fields'] !== true) made.additionalProperties ??= false
  }
  if (schema['x-kubernetes-int-or-string'] === true) made.type = ['integer', 'string']
  if (schema.nullable === true && typeof schema.type === 'string') made.type = [schema.type, 'null']
  return made
}

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
