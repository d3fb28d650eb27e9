import { createDoctl, findIds } from './doctl.ts'
import type { Ids } from './doctl-args.ts'
import { namesOf } from './settings.ts'
import type { Work } from './up.ts'

export type Consent = {
  /** Asks a question and resolves with the answer; null where nobody can be asked. */
  ask: ((question: string) => Promise<string>) | null
  /** YES=<name>: consent given beforehand. */
  yes: string | null
  /** DATA=delete: the databases too, which hold everything that people have written. */
  deleteData: boolean
}

/** Removes the cluster, and what holds data only when told so. Asks for the name of the cluster first. */
export async function down({ run, say, settings }: Work, { ask, yes, deleteData }: Consent): Promise<number> {
  const doctl = createDoctl(run, say)
  const names = namesOf(settings)
  const ids = await findIds(doctl, names)
  const data = (['postgres', 'valkey', 'kafka'] as const).filter((name) => ids[name] !== undefined)
  const doomed: (keyof Ids)[] = [
    ...(ids.cluster === undefined ? [] : ['cluster' as const]),
    ...(deleteData ? [...data, ...(ids.vpc === undefined ? [] : ['vpc' as const])] : []),
  ]
  if (doomed.length === 0) {
    say(`There is nothing to remove of ${settings.name}.${data.length > 0 ? keptLine(data) : ''}`)
    return 0
  }
  say('This removes, with the load balancers and volumes of the cluster:')
  for (const name of doomed) say(`  ${names[name].padEnd(16)} ${ids[name]}`)
  if (!deleteData && data.length > 0) say(keptLine(data))
  if (deleteData) say('The databases are among it. Their backups go with them.')
  const answer = yes ?? (ask === null ? null : await ask(`Type ${settings.name} to go on: `))
  if (answer === null) {
    say(`Nobody can be asked here, so nothing was removed. Say it beforehand: YES=${settings.name}`)
    return 1
  }
  if (answer.trim() !== settings.name) {
    say('Nothing was removed.')
    return 1
  }
  if (ids.cluster !== undefined) await doctl.deleteCluster(ids.cluster)
  if (!deleteData) return 0
  for (const name of data) await doctl.deleteDatabase(ids[name]!)
  if (ids.vpc !== undefined) await removeVpc(ids.vpc)
  return 0

  /** A network can go when its last member has, which takes some minutes after the calls above. */
  async function removeVpc(id: string): Promise<void> {
    await doctl.deleteVpc(id).catch(() => {
      say(`The network still has members. In some minutes: doctl vpcs delete ${id}`)
    })
  }
}

const keptLine = (data: readonly string[]): string =>
  `  Kept, and paid for: ${data.join(', ')}. Remove them too: make doks-down DATA=delete`
