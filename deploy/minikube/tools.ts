import type { Environment } from './cluster.ts'
import { runProgram } from './cluster.ts'

type Tool = { name: string; args: string[]; version: RegExp; least: [number, number]; install: string }

const kubectl: Tool = {
  name: 'kubectl',
  args: ['version', '--client'],
  version: /v(\d+)\.(\d+)/,
  least: [1, 30],
  install: 'https://kubernetes.io/docs/tasks/tools/',
}
const helm: Tool = {
  name: 'helm',
  args: ['version', '--short'],
  version: /v(\d+)\.(\d+)/,
  least: [3, 14],
  install: 'https://helm.sh/docs/intro/install/',
}
const minikube: Tool = {
  name: 'minikube',
  args: ['version', '--short'],
  version: /v(\d+)\.(\d+)/,
  least: [1, 34],
  install: 'https://minikube.sigs.k8s.io/docs/start/, or name a cluster that runs: CONTEXT=…',
}
const docker: Tool = {
  name: 'docker',
  args: ['version', '--format', '{{.Client.Version}}'],
  version: /(\d+)\.(\d+)/,
  least: [24, 0],
  install: 'https://docs.docker.com/engine/install/, or name an image that the cluster has: IMAGE=…',
}

/** What is missing or too old of the programs that are needed, one line each with where it is to be had. */
export async function missingTools(options: {
  context: string | null
  image: string | null
  env: Environment
}): Promise<string[]> {
  const needed = [kubectl, helm]
  if (options.context === null) needed.push(minikube)
  if (options.image === null) needed.push(docker)
  const faults: string[] = []
  for (const tool of needed) {
    const fault = await faultOf(tool, options.env)
    if (fault !== null) faults.push(`${fault}: ${tool.install}`)
  }
  return faults
}

async function faultOf({ name, args, version, least }: Tool, env: Environment): Promise<string | null> {
  const wanted = least.join('.')
  let said: string
  try {
    said = await runProgram(name, args, { env })
  } catch (error) {
    const isAbsent = (error as NodeJS.ErrnoException).code === 'ENOENT'
    return isAbsent ? `${name} ${wanted} or later is missing` : `${name} does not work`
  }
  const [, major = '0', minor = '0'] = version.exec(said) ?? []
  const isOld = Number(major) < least[0] || (Number(major) === least[0] && Number(minor) < least[1])
  return isOld ? `${name} ${wanted} or later is needed, this is ${major}.${minor}` : null
}
