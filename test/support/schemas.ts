import { ensureSchemas } from '../../scripts/schemas.ts'
import { checkConfig } from '../../shared/config.ts'

/** kubeconform's arguments. KUBE_SCHEMAS names other places of schemas, with commas, in kubeconform's notation. */
export function kubeconformArgs(kubernetes: string): string[] {
  const places = checkConfig().schemas?.split(',') ?? ensureSchemas(kubernetes)
  return [
    ...['-strict', '-summary', '-kubernetes-version', kubernetes],
    ...places.flatMap((place) => ['-schema-location', place]),
  ]
}
