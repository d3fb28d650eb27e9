import { setTimeout as sleep } from 'node:timers/promises'
import { clusterConfig } from '../../shared/config.ts'
import { createCluster } from './cluster.ts'

// Keeps a port of this machine open towards the API: `node forward.ts CONTEXT NAMESPACE PORT`. A forward ends with the
// pod it leads to, so it is made again until SIGTERM. minikube.ts starts and ends it.
//
// kubectl notices that the pod has gone when somebody comes next, and cuts that one off. So we come first, every second.

const retryMs = 500
const askMs = 1_000

const [context = '', namespace = '', port = ''] = process.argv.slice(2)
const cluster = createCluster({ context, namespace, env: clusterConfig().env })
const stop = new AbortController()
process.once('SIGTERM', () => stop.abort())

const ask = async () => {
  const options = { headers: { connection: 'close' }, signal: AbortSignal.timeout(5_000) }
  await (await fetch(`http://127.0.0.1:${port}/healthz`, options)).arrayBuffer()
}

while (!stop.signal.aborted) {
  try {
    const forward = await cluster.forward('service/server', 80, Number(port))
    stop.signal.addEventListener('abort', forward.close, { once: true })
    const asking = setInterval(() => ask().catch(forward.close), askMs)
    await forward.ended
    clearInterval(asking)
    stop.signal.removeEventListener('abort', forward.close)
  } catch (error) {
    process.stdout.write(`${error instanceof Error ? error.message : String(error)}\n`)
  }
  await sleep(retryMs, undefined, { signal: stop.signal }).catch(() => {})
}
