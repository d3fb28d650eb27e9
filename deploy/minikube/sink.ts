import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../local/settings.ts'
import type { Cluster } from './cluster.ts'

/** A webhook's delivery as the sink got it. */
export type Received = { id: string; body: { type: string; data: { task_id: number; version: number } } }

export type Sink = {
  /** Where the notifier sends: a name of the cluster. */
  url: string
  received(): Promise<Received[]>
  remove(): Promise<void>
}

/** A receiver of webhooks inside the cluster, of the product's own image. */
export async function startSink(cluster: Cluster, name = 'sink'): Promise<Sink> {
  const image = await imageOf(cluster)
  const labels = { 'app.kubernetes.io/name': name }
  const metadata = { name, labels }
  const program = readFileSync(join(root, 'deploy/minikube/sink.js'), 'utf8')
  const objects = [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'sink.js': program } },
    { apiVersion: 'v1', kind: 'Service', metadata, spec: { selector: labels, ports: [{ port: 8080 }] } },
    { apiVersion: 'v1', kind: 'Pod', metadata, spec: podOf(image, name) },
  ]
  const remove = async () => {
    const names = ['pod', 'service', 'configmap'].map((kind) => `${kind}/${name}`)
    await cluster.kubectl(['delete', ...names, '--ignore-not-found', '--grace-period=1'])
  }
  // One that was left behind has another run's deliveries.
  await remove()
  await cluster.apply(JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }))
  await cluster.kubectl(['wait', '--for=condition=Ready', `pod/${name}`, '--timeout=60s'])
  const forward = await cluster.forward(`pod/${name}`, 8080)
  return {
    url: `http://${name}.${cluster.namespace}.svc:8080/hook`,
    received: async () => {
      const response = await fetch(`http://127.0.0.1:${forward.port}/seen`)
      return (await response.json()) as Received[]
    },
    remove: async () => {
      forward.close()
      await remove()
    },
  }
}

type Deployment = { spec: { template: { spec: { containers: { image: string }[] } } } }

/** The image that the server runs with: the cluster has it for certain. */
export async function imageOf(cluster: Cluster): Promise<string> {
  const server = (await cluster.find('deployment/server')) as Deployment | null
  const image = server?.spec.template.spec.containers[0]?.image
  if (image === undefined) {
    throw new Error(
      `There is no server in namespace ${cluster.namespace} of ${cluster.context}: make minikube-up`,
    )
  }
  return image
}

/** As locked up as the product's own pods. */
export const podOf = (image: string, name: string, args = ['/program/sink.js']) => ({
  automountServiceAccountToken: false,
  enableServiceLinks: false,
  terminationGracePeriodSeconds: 1,
  securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
  containers: [
    {
      name,
      image,
      imagePullPolicy: 'IfNotPresent',
      args,
      ports: [{ containerPort: 8080 }],
      readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1 },
      resources: { requests: { cpu: '10m', memory: '48Mi' }, limits: { memory: '192Mi' } },
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      },
      volumeMounts: [{ name: 'program', mountPath: '/program' }],
    },
  ],
  volumes: [{ name: 'program', configMap: { name } }],
})
