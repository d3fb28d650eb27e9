import type { ClusterConfig } from '../../shared/config.ts'
import { closeForward, clusterOf, type Say } from './up.ts'

/** Removes the product, its data and its namespace. The cluster and its Dapr stay. */
export async function down(config: ClusterConfig, say: Say): Promise<number> {
  await closeForward(config)
  const cluster = clusterOf(config)
  if ((await cluster.find(`namespace/${cluster.namespace}`)) === null) {
    say(`There is no namespace ${cluster.namespace} in ${cluster.context}.`)
    return 0
  }
  await cluster.helm(['uninstall', 'todo', '--ignore-not-found', '--wait', '--timeout', '2m'])
  await cluster.kubectl(['delete', 'namespace', cluster.namespace, '--timeout=180s'])
  say(
    `Namespace ${cluster.namespace} of ${cluster.context} is gone, and its data with it; the cluster and its Dapr stay.`,
  )
  return 0
}
