import { readVersions, root } from '../local/settings.ts'
import { type Cluster, type Environment, runProgram } from './cluster.ts'

export type ImageName = { repository: string; tag: string }

/** `registry:5000/todo:dev` in its two parts. */
export function parseImage(name: string): ImageName {
  const match = /^(.+):([A-Za-z0-9_][A-Za-z0-9_.-]*)$/.exec(name)
  if (match === null || match[2]!.includes('/')) {
    throw new Error(`IMAGE=${name} has no tag: name it like todo:dev`)
  }
  if (match[2] === 'latest')
    throw new Error(`IMAGE=${name}: a moving tag cannot be rolled back; give it another`)
  return { repository: match[1]!, tag: match[2]! }
}

/**
 * Builds the image with docker and loads it into minikube. Its tag is made of its content, so that the same sources
 * change nothing in the cluster and other ones roll out.
 */
export async function buildImage(env: Environment): Promise<ImageName> {
  const id = (await runProgram('docker', ['build', '--quiet', root], { env })).trim()
  const tag = id.replace(/^sha256:/, '').slice(0, 12)
  await runProgram('docker', ['tag', id, `todo:${tag}`], { env })
  await runProgram('minikube', ['image', 'load', `todo:${tag}`], { env })
  return { repository: 'todo', tag }
}

type Node = { status: { images?: { names?: string[] }[] } }

/** Whether a node has the image. Nodes tell of their first fifty only, so a no may be wrong. */
export async function hasImage(cluster: Cluster, { repository, tag }: ImageName): Promise<boolean> {
  const nodes = await cluster.list<Node>('nodes')
  const names = nodes.flatMap(({ status }) => status.images ?? []).flatMap(({ names = [] }) => names)
  return names.some((name) => name === `${repository}:${tag}` || name.endsWith(`/${repository}:${tag}`))
}

/** Versions of what is installed beside the product. */
export const pinned = (name: string): string => {
  const version = readVersions()[name]
  if (version === undefined) throw new Error(`deploy/versions.env has no ${name}`)
  return version
}
