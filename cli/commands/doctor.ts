import { statfsSync } from 'node:fs'
import { AppError } from '../../shared/errors.ts'
import type { Verb } from '../command.ts'
import type { Context } from '../context.ts'
import { daemonStatus } from '../daemon.ts'
import type { Check } from '../doctor/check.ts'
import { readSettings } from '../settings.ts'

type Options = { cluster?: true; kubeContext?: string; namespace: string }

/** Some calls run a program in a pod. */
const kubectlMs = 20_000

export const doctor: Verb<Options> = {
  summary: 'Check that everything works',
  usage: '[--cluster]',
  examples: [
    ['todo doctor', 'one line for each part, and how to mend it'],
    ['todo doctor --cluster', 'the same for a release in Kubernetes, through kubectl'],
  ],
  define(flags) {
    flags
      .option('--cluster', 'look at a release in Kubernetes')
      .option('--kube-context <name>', 'which cluster; the one that kubectl is at')
      .option('--namespace <name>', 'where in it', 'todo')
  },
  run: async (context, _words, options) => {
    const checks = options.cluster
      ? await inCluster(options)
      : [node(), settings(context), space(context), ...(await service(context)), await api(context)]
    const mark = (ok: boolean) => (ok ? 'ok  ' : 'FAIL')
    const line = ({ ok, name, detail, hint }: Check) =>
      `${mark(ok)} ${name}: ${detail}\n${!ok && hint ? `     ${hint}\n` : ''}`
    context.out.value(checks, checks.map(line).join(''))
    return checks.every(({ ok }) => ok) ? 0 : 1
  },
}

async function inCluster({ kubeContext, namespace }: Options): Promise<Check[]> {
  const [{ clusterChecks }, { createKubectl }] = await Promise.all([
    import('../doctor/cluster.ts'),
    import('../doctor/kubectl.ts'),
  ])
  return clusterChecks(createKubectl(kubeContext, kubectlMs), namespace)
}

const node = (): Check => ({ name: 'node', ok: true, detail: process.versions.node })

function settings({ paths }: Context): Check {
  try {
    readSettings(paths)
    return { name: 'settings', ok: true, detail: paths.config }
  } catch (error) {
    return { name: 'settings', ok: false, ...told(error) }
  }
}

const leastFreeBytes = 200 * 1024 * 1024

function space({ paths }: Context): Check {
  try {
    const { bavail, bsize } = statfsSync(paths.data)
    const free = bavail * bsize
    const detail = `${Math.round(free / 1024 / 1024).toLocaleString('en-US')} MB free at ${paths.data}`
    return {
      name: 'disk',
      ok: free > leastFreeBytes,
      detail,
      hint: 'Free some space before the database stops.',
    }
  } catch {
    return { name: 'disk', ok: true, detail: `nothing stored yet at ${paths.data}` }
  }
}

async function service({ paths }: Context): Promise<Check[]> {
  const before = await daemonStatus(paths)
  const detail =
    before === null ? 'not running, will be started' : `process ${before.pid}, since ${before.started_at}`
  return [{ name: 'daemon', ok: true, detail }]
}

/** The whole way: client, service, database. */
async function api({ api }: Context): Promise<Check> {
  const started = performance.now()
  try {
    await api('GET /api/{user_id}/tasks', { query: { limit: 1 } })
    return { name: 'tasks', ok: true, detail: `answered in ${Math.round(performance.now() - started)} ms` }
  } catch (error) {
    return { name: 'tasks', ok: false, ...told(error) }
  }
}

const told = (error: unknown): { detail: string; hint: string } => ({
  detail: error instanceof Error ? error.message : String(error),
  hint: error instanceof AppError && error.hint !== undefined ? error.hint : 'See `todo daemon logs`.',
})
