import { clusterConfig } from '../../shared/config.ts'
import { check } from './check.ts'
import { down } from './down.ts'
import { up } from './up.ts'

const usage = `node deploy/minikube/minikube.ts up|check|down

up     from nothing to a running system: minikube, Dapr, Postgres, Valkey, Kafka, the image, the chart
check  the whole story in under a minute: a task, its event, a webhook, a recurring task, the figures
down   removes all of it but the cluster

CONTEXT=…     a cluster of kubectl's configuration instead of minikube
IMAGE=…       an image that the cluster has instead of one that is built
BROKER=…      kafka (the default) or redpanda
NAMESPACE=…   todo unless told
API_PORT=…    on loopback, 18800 unless told`

const say = (line: string) => void process.stdout.write(`${line}\n`)
const verbs = { up, check, down } as const
const verb = process.argv[2] as keyof typeof verbs

if (!Object.hasOwn(verbs, verb)) {
  say(usage)
  process.exitCode = 2
} else {
  verbs[verb](clusterConfig(), say).then(
    (code) => {
      process.exitCode = code
    },
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
      process.exitCode = 1
    },
  )
}
