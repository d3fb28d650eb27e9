import { readVersions } from '../local/settings.ts'
import type { Run } from './command.ts'
import { doorManifests, gatewayNamespace } from './door.ts'
import { keptSecrets, namespaceManifest, placeSecrets, secretManifest } from './secrets.ts'
import { namesOf, type Settings } from './settings.ts'
import { type Places, valuesOf } from './values.ts'

export type Command = { program: 'helm' | 'kubectl'; args: string[] }
export type Step = { what: string; command: Command; input?: string | undefined }

/** Images, volumes and pods of several charts: generous, since a failed wait leaves a half-made release. */
const waitMs = 15 * 60_000

/** kubectl and helm, pointed at this cluster by the name of its context and never at the current one. */
const on = (settings: Settings) => ({
  kubectl: (...args: string[]): Command => ({
    program: 'kubectl',
    args: ['--context', namesOf(settings).context, ...args],
  }),
  helm: (...args: string[]): Command => ({
    program: 'helm',
    args: ['--kube-context', namesOf(settings).context, ...args],
  }),
})

const apply = (settings: Settings): Command =>
  // On the server's side: the client's would leave the secrets readable in an annotation.
  on(settings).kubectl('apply', '--server-side', '--force-conflicts', '--filename', '-')

function dapr(settings: Settings): Command {
  return on(settings).helm(
    ...['upgrade', '--install', 'dapr', 'dapr', '--repo', 'https://dapr.github.io/helm-charts/'],
    ...['--version', readVersions().DAPR_VERSION!, '--namespace', 'dapr-system', '--create-namespace'],
    ...['--values', 'deploy/doks/dapr.yaml', '--wait', '--timeout', '10m'],
  )
}

function certManager(settings: Settings): Command {
  return on(settings).helm(
    ...['upgrade', '--install', 'cert-manager', 'cert-manager', '--repo', 'https://charts.jetstack.io'],
    ...['--version', readVersions().CERT_MANAGER_VERSION!, '--namespace', 'cert-manager'],
    ...['--create-namespace', '--set', 'crds.enabled=true,config.enableGatewayAPI=true'],
    ...['--set', 'config.apiVersion=controller.config.cert-manager.io/v1alpha1'],
    ...['--set', 'config.kind=ControllerConfiguration', '--wait', '--timeout', '10m'],
  )
}

function chart(settings: Settings): Command {
  return on(settings).helm(
    ...['upgrade', '--install', 'todo', 'deploy/chart', '--namespace', settings.namespace],
    ...['--values', 'deploy/doks/values.yaml', '--values', '-', '--wait', '--timeout', '10m'],
  )
}

/** What goes to stdin of the steps: JSON, with the secrets in it. The plan shows the steps without. */
export type Inputs = { secrets: string; door: string; values: string }

/** What is done inside the cluster, in order. */
export function clusterSteps(settings: Settings, inputs?: Inputs): Step[] {
  const isGateway = settings.door.kind === 'gateway'
  return [
    { what: "Dapr's control plane, three of each", command: dapr(settings) },
    ...(isGateway ? [{ what: "cert-manager, for Let's Encrypt", command: certManager(settings) }] : []),
    {
      what: `the namespace ${settings.namespace} and its secrets`,
      command: apply(settings),
      input: inputs?.secrets,
    },
    {
      what: isGateway ? 'the Gateway, its certificate and the redirect' : 'the load balancer',
      command: apply(settings),
      input: inputs?.door,
    },
    { what: 'the product, with its migrations and topics', command: chart(settings), input: inputs?.values },
  ]
}

export type Installer = { run: Run; say: (line: string) => void; settings: Settings }

/** Does the steps. Everything in them may be repeated. */
export async function install(installer: Installer, places: Places): Promise<void> {
  const { run, say, settings } = installer
  for (const { what, command, input } of clusterSteps(settings, await inputsOf(installer, places))) {
    say(`  ${what}`)
    await run(command.program, command.args, { limitMs: waitMs, ...(input !== undefined && { input }) })
  }
}

async function inputsOf(installer: Installer, places: Places): Promise<Inputs> {
  const { settings } = installer
  const { namespace } = settings
  const list = (items: object[]) => JSON.stringify({ apiVersion: 'v1', kind: 'List', items })
  const secrets = { ...(await missingKept(installer)), ...placeSecrets(places) }
  const isGateway = settings.door.kind === 'gateway'
  return {
    secrets: list([
      namespaceManifest(namespace),
      ...Object.entries(secrets).map(([name, data]) => secretManifest(name, namespace, data)),
    ]),
    door: list([...(isGateway ? [namespaceManifest(gatewayNamespace)] : []), ...doorManifests(settings)]),
    values: JSON.stringify(valuesOf(settings, places)),
  }
}

/** Of the secrets that are made once, those that are not there yet. */
async function missingKept({ run, settings }: Installer): Promise<ReturnType<typeof keptSecrets>> {
  const { program, args } = on(settings).kubectl(
    ...['get', 'secrets', '--namespace', settings.namespace, '--ignore-not-found', '--output', 'name'],
  )
  const present = new Set((await run(program, args)).split('\n'))
  return Object.fromEntries(Object.entries(keptSecrets()).filter(([name]) => !present.has(`secret/${name}`)))
}

/** The address under which the door is reached, or null while it has none. */
export async function doorAddress({ run, settings }: Installer): Promise<string | null> {
  const path =
    settings.door.kind === 'gateway'
      ? ['gateway/todo', '--namespace', gatewayNamespace, '--output', 'jsonpath={.status.addresses[0].value}']
      : [
          ...['service/todo-public', '--namespace', settings.namespace],
          ...['--output', 'jsonpath={.status.loadBalancer.ingress[0].ip}'],
        ]
  const { program, args } = on(settings).kubectl('get', ...path)
  return (await run(program, args)).trim() || null
}

/** Asks the cluster something. */
export const kubectl = ({ run, settings }: Installer, ...args: string[]): Promise<string> => {
  const command = on(settings).kubectl(...args)
  return run(command.program, command.args)
}
