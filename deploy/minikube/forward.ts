import { setTimeout as sleep } from 'node:timers/promises'
import { clusterConfig } from '../../shared/config.ts'
import { createCluster } from './cluster.ts'

// Keeps a port of this machine open towards the API: `node forward.ts CONTEXT NAMESPACE PORT`. A forward ends with the
// pod it leads to, so it is made again until SIGTERM. minikube.ts starts and ends it.

const retryMs = 500

const [context = '', namespace = '', port = ''] = process.argv.slice(2)
const cluster = createCluster({ context, namespace, env: clusterConfig().env })
const stop = new AbortController()
process.once('SIGTERM', () => stop.abort())

while (!stop.signal.aborted) {
  try {
    const forward = await cluster.forward('service/server', 80, Number(port))
    stop.signal.addEventListener('abort', forward.close, { once: true })
    await forward.ended
    stop.signal.removeEventListener('abort', forward.close)
  } catch (error) {
    process.stdout.write(`${error instanceof Error ? error.message : String(error)}\n`)
  }
  await sleep(retryMs, undefined, { signal: stop.signal }).catch(() => {})
}
