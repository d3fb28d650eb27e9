import { createDoctl, findIds } from './doctl.ts'
import type { Ids } from './doctl-args.ts'
import { doorAddress, kubectl } from './install.ts'
import { namesOf } from './settings.ts'
import type { Work } from './up.ts'

type Finding = { what: string; ok: boolean; detail: string }

type Pod = {
  metadata: { name: string; labels: Record<string, string> }
  status: {
    conditions?: { type: string; status: string }[]
    containerStatuses?: { name: string }[]
    initContainerStatuses?: { name: string }[]
  }
}

/** Looks at everything that `doks-up` has made, from the account to the certificate; changes nothing. */
export async function check(work: Work, request: typeof fetch = fetch): Promise<number> {
  const findings = [
    ...(await lookAtAccount(work)),
    ...(await lookInside(work)),
    await lookFromOutside(work, request),
  ]
  for (const { what, ok, detail } of findings) work.say(`${ok ? 'ok  ' : 'FAIL'} ${what}: ${detail}`)
  const failed = findings.filter(({ ok }) => !ok).length
  work.say(failed === 0 ? 'Everything is as it should be.' : `${failed} of ${findings.length} failed.`)
  return failed === 0 ? 0 : 1
}

async function lookAtAccount({ run, say, settings }: Work): Promise<Finding[]> {
  const doctl = createDoctl(run, say)
  const names = namesOf(settings)
  const ids = await findIds(doctl, names)
  const wanted: (keyof Ids)[] = ['vpc', 'cluster', 'postgres', 'valkey']
  if (settings.kafka.kind === 'managed') wanted.push('kafka')
  const findings: Finding[] = []
  for (const name of wanted) {
    const id = ids[name]
    if (id === undefined) {
      findings.push({ what: names[name], ok: false, detail: 'is not there: make doks-up' })
    } else if (name === 'vpc' || name === 'cluster') {
      findings.push({ what: names[name], ok: true, detail: id })
    } else {
      const { status } = await doctl.database(id)
      const rules = await doctl.rules(id)
      const guarded = rules.some(({ type, value }) => type === 'k8s' && value === ids.cluster)
      const detail = `${status}, ${guarded ? 'open to the cluster alone' : 'has no rule for the cluster'}`
      findings.push({ what: names[name], ok: status === 'online' && guarded, detail })
    }
  }
  return findings
}

/** Pods are ready, and those that live on events have their sidecar. */
async function lookInside(work: Work): Promise<Finding[]> {
  try {
    const said = await kubectl(
      work,
      ...['get', 'pods', '--namespace', work.settings.namespace, '--output', 'json'],
      ...[
        '--selector',
        'app.kubernetes.io/part-of=todo,app.kubernetes.io/name in (server,notifier,recurrer)',
      ],
    )
    const pods = (JSON.parse(said) as { items: Pod[] }).items
    return ['server', 'notifier', 'recurrer'].map((app) => {
      const ours = pods.filter(({ metadata }) => metadata.labels['app.kubernetes.io/name'] === app)
      const ready = ours.filter(({ status }) =>
        status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True'),
      )
      const beside = ours.filter(({ status }) =>
        [...(status.containerStatuses ?? []), ...(status.initContainerStatuses ?? [])].some(
          ({ name }) => name === 'daprd',
        ),
      )
      const detail = `${ready.length} of ${ours.length} pods ready, ${beside.length} with a sidecar`
      const ok = ours.length > 0 && ready.length === ours.length && beside.length === ours.length
      return { what: app, ok, detail }
    })
  } catch (error) {
    return [{ what: 'pods', ok: false, detail: (error as Error).message }]
  }
}

/** As people come: by its name, over TLS, through the door. */
async function lookFromOutside(work: Work, request: typeof fetch): Promise<Finding> {
  const url = `https://${work.settings.door.host}/openapi.json`
  try {
    const { status } = await request(url, { redirect: 'error', signal: AbortSignal.timeout(10_000) })
    return { what: url, ok: status === 200, detail: `answers ${status}` }
  } catch (error) {
    const { message, cause } = error as Error
    const why = cause instanceof Error ? cause.message : message
    const address = await doorAddress(work).catch(() => null)
    const hint = address === null ? 'the door has no address yet' : `its name should point to ${address}`
    return { what: url, ok: false, detail: `${why}; ${hint}` }
  }
}
