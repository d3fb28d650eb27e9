import type { Gateway, LoadBalancer, Settings } from './settings.ts'

/**
 * Of the Gateway and its certificate. Apart from the product's, because its plain listener takes routes of its own
 * namespace only: the proof for the certificate and the redirect. So no route of the product can end up on plain HTTP.
 */
export const gatewayNamespace = 'todo-gateway'

export type Manifest = {
  apiVersion: string
  kind: string
  metadata: { name: string; namespace?: string; annotations?: Record<string, string> }
  spec: object
}

/** The objects that lead people to the API, over TLS. */
export const doorManifests = (settings: Settings): Manifest[] =>
  settings.door.kind === 'gateway'
    ? gatewayManifests(settings.door, settings.namespace)
    : [balancerManifest(settings.door, settings.namespace)]

function gatewayManifests({ host, email }: Gateway, namespace: string): Manifest[] {
  const issuer = {
    apiVersion: 'cert-manager.io/v1',
    kind: 'ClusterIssuer',
    metadata: { name: 'todo-letsencrypt' },
    spec: {
      acme: {
        email,
        server: 'https://acme-v02.api.letsencrypt.org/directory',
        privateKeySecretRef: { name: 'todo-letsencrypt-account' },
        solvers: [
          {
            http01: {
              gatewayHTTPRoute: {
                parentRefs: [
                  { kind: 'Gateway', name: 'todo', namespace: gatewayNamespace, sectionName: 'http' },
                ],
              },
            },
          },
        ],
      },
    },
  }
  return [issuer, gatewayManifest(host, namespace), redirectManifest(host)]
}

/** Cilium's class is the one that DigitalOcean's clusters come with; it makes a network load balancer. */
const gatewayManifest = (host: string, namespace: string): Manifest => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'Gateway',
  metadata: {
    name: 'todo',
    namespace: gatewayNamespace,
    annotations: { 'cert-manager.io/cluster-issuer': 'todo-letsencrypt' },
  },
  spec: {
    gatewayClassName: 'cilium',
    listeners: [
      {
        name: 'http',
        protocol: 'HTTP',
        port: 80,
        hostname: host,
        allowedRoutes: { namespaces: { from: 'Same' } },
      },
      {
        name: 'https',
        protocol: 'HTTPS',
        port: 443,
        hostname: host,
        tls: { mode: 'Terminate', certificateRefs: [{ kind: 'Secret', name: 'todo-tls' }] },
        allowedRoutes: {
          namespaces: {
            from: 'Selector',
            selector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
          },
        },
      },
    ],
  },
})

const redirectManifest = (host: string): Manifest => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata: { name: 'redirect', namespace: gatewayNamespace },
  spec: {
    parentRefs: [{ name: 'todo', sectionName: 'http' }],
    hostnames: [host],
    rules: [
      { filters: [{ type: 'RequestRedirect', requestRedirect: { scheme: 'https', statusCode: 301 } }] },
    ],
  },
})

/** A regional balancer, the kind that ends TLS: the default one only passes connections on. */
const balancerManifest = ({ certificateId }: LoadBalancer, namespace: string): Manifest => {
  const prefix = 'service.beta.kubernetes.io/do-loadbalancer'
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: 'todo-public',
      namespace,
      annotations: {
        [`${prefix}-type`]: 'REGIONAL',
        [`${prefix}-protocol`]: 'http',
        [`${prefix}-tls-ports`]: '443',
        [`${prefix}-certificate-id`]: certificateId,
        [`${prefix}-redirect-http-to-https`]: 'true',
        [`${prefix}-healthcheck-protocol`]: 'http',
        [`${prefix}-healthcheck-path`]: '/readyz',
        // Streams of events say something every 30 seconds at most.
        [`${prefix}-http-idle-timeout-seconds`]: '90',
      },
    },
    spec: {
      type: 'LoadBalancer',
      selector: { 'app.kubernetes.io/name': 'server', 'app.kubernetes.io/instance': 'todo' },
      ports: [
        { name: 'http', port: 80, targetPort: 'http', protocol: 'TCP' },
        { name: 'https', port: 443, targetPort: 'http', protocol: 'TCP' },
      ],
    },
  }
}
