// What every object that we bring into a cluster has to keep. Pure: it is given parsed YAML, from a file or from Helm.

export type Manifest = {
  apiVersion?: string
  kind?: string
  metadata?: { name?: string; annotations?: Record<string, string> }
  spec?: unknown
}

type Probe = { initialDelaySeconds?: number }
type EnvVar = { name: string; value?: string; valueFrom?: { secretKeyRef?: unknown } }

type Container = {
  name: string
  image?: string
  env?: EnvVar[]
  resources?: { requests?: Record<string, string>; limits?: Record<string, string> }
  livenessProbe?: Probe
  readinessProbe?: Probe
  startupProbe?: Probe
  lifecycle?: { preStop?: unknown }
  securityContext?: {
    allowPrivilegeEscalation?: boolean
    readOnlyRootFilesystem?: boolean
    privileged?: boolean
    capabilities?: { drop?: string[]; add?: string[] }
  }
}

type PodSpec = {
  containers: Container[]
  initContainers?: Container[]
  serviceAccountName?: string
  automountServiceAccountToken?: boolean
  hostNetwork?: boolean
  hostPID?: boolean
  securityContext?: { runAsNonRoot?: boolean; seccompProfile?: { type?: string } }
  topologySpreadConstraints?: unknown[]
  volumes?: { name: string; hostPath?: unknown }[]
}

const workloads = ['Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'Pod']

/** The pods that an object makes, or null for one that makes none. */
export function podSpecOf({ kind = '', spec }: Manifest): PodSpec | null {
  if (!workloads.includes(kind)) return null
  return kind === 'Pod' ? (spec as PodSpec) : (spec as { template: { spec: PodSpec } }).template.spec
}

/** Every rule that is broken, as `Kind/name: what`. `ours`: objects of the product itself, which keep stricter ones. */
export function faultsOf(manifests: Manifest[], options: { ours: boolean }): string[] {
  return manifests.flatMap((manifest) => {
    const pod = podSpecOf(manifest)
    const found = [...(pod === null ? [] : podFaults(manifest, pod, options.ours)), ...objectFaults(manifest)]
    return found.map((fault) => `${manifest.kind}/${manifest.metadata?.name}: ${fault}`)
  })
}

function objectFaults({ kind, spec }: Manifest): string[] {
  if (kind === 'Secret') return ['a secret is referred to, never brought along']
  if (kind !== 'Component') return []
  const { metadata = [] } = spec as { metadata?: { name: string; value?: string }[] }
  return metadata
    .filter(({ name, value }) => isSecretName(name) && value !== undefined)
    .map(({ name }) => `${name} stands in it in the clear`)
}

function podFaults({ kind }: Manifest, pod: PodSpec, ours: boolean): string[] {
  const faults: string[] = []
  const want = (kept: boolean, fault: string) => {
    if (!kept) faults.push(fault)
  }
  want(pod.automountServiceAccountToken === false, 'gets a token of its account')
  want(pod.securityContext?.runAsNonRoot === true, 'may run as root')
  want(pod.securityContext?.seccompProfile?.type === 'RuntimeDefault', 'has no seccomp profile')
  want(!pod.hostNetwork && !pod.hostPID, 'shares a namespace of its node')
  want(!pod.volumes?.some(({ hostPath }) => hostPath !== undefined), 'mounts a folder of its node')
  if (ours && kind === 'Deployment') {
    want(pod.serviceAccountName !== undefined, 'has no account of its own')
    want((pod.topologySpreadConstraints ?? []).length > 0, 'is not spread over nodes')
  }
  const containers = [...pod.containers, ...(pod.initContainers ?? [])]
  const ofContainers = containers.flatMap((one) =>
    containerFaults(one, { isJob: kind === 'Job', ours }).map((fault) => `${one.name} ${fault}`),
  )
  return [...faults, ...ofContainers]
}

function containerFaults(container: Container, { isJob, ours }: { isJob: boolean; ours: boolean }): string[] {
  const faults: string[] = []
  const want = (kept: boolean, fault: string) => {
    if (!kept) faults.push(fault)
  }
  const { image = '', resources, securityContext, env = [] } = container
  want(isPinned(image), `has an image that moves: ${image}`)
  want(resources?.requests?.cpu !== undefined && resources.requests.memory !== undefined, 'requests nothing')
  want(resources?.limits?.memory !== undefined, 'has no limit of memory')
  // A limit of CPU makes a service wait for its next slice while the node idles.
  want(!ours || resources?.limits?.cpu === undefined, 'has a limit of CPU')
  want(securityContext?.allowPrivilegeEscalation === false, 'may gain privileges')
  want(securityContext?.privileged !== true, 'is privileged')
  want(securityContext?.capabilities?.drop?.includes('ALL') === true, 'keeps capabilities')
  want(securityContext?.capabilities?.add === undefined, 'adds capabilities')
  want(!ours || securityContext?.readOnlyRootFilesystem === true, 'can write to its root')
  want(isJob || container.readinessProbe !== undefined, 'has no readiness probe')
  if (ours && !isJob) {
    want(container.livenessProbe !== undefined, 'has no liveness probe')
    want(mayTakeTimeToStart(container), 'is ended when it takes some seconds to start')
    want(container.lifecycle?.preStop !== undefined, 'stops without a pause')
  }
  for (const { name, value } of env) {
    want(!isSecretName(name) || value === undefined || /^\$\(\w+\)$/.test(value), `has ${name} in the clear`)
  }
  return faults
}

const mayTakeTimeToStart = ({ startupProbe, livenessProbe }: Container): boolean =>
  startupProbe !== undefined || (livenessProbe?.initialDelaySeconds ?? 0) >= 10

const isSecretName = (name: string): boolean =>
  /(password|secret|token|api_?key|database_url|smtp_url|secrets_key|service_account)$/i.test(name)

/** A digest, or a tag that says which version: neither none nor `latest`. */
function isPinned(image: string): boolean {
  if (/@sha256:[0-9a-f]{64}$/.test(image)) return true
  const tag = /:([^:/]+)$/.exec(image)?.[1]
  return tag !== undefined && tag !== 'latest' && tag !== 'main'
}
