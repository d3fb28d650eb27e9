import { CommandError, type Run } from './command.ts'

const tools = [
  {
    name: 'doctl',
    args: ['version'],
    version: /version (\d+)\.(\d+)/,
    least: [1, 136],
    // The first whose documented engines have `valkey`.
    install: 'https://docs.digitalocean.com/reference/doctl/how-to/install/, then: doctl auth init',
  },
  {
    name: 'kubectl',
    args: ['version', '--client'],
    version: /v(\d+)\.(\d+)/,
    least: [1, 31],
    install: 'https://kubernetes.io/docs/tasks/tools/',
  },
  {
    name: 'helm',
    args: ['version', '--short'],
    version: /v(\d+)\.(\d+)/,
    least: [3, 14],
    install: 'https://helm.sh/docs/intro/install/',
  },
] as const

/** What is missing or too old, one line each with where it is to be had. */
export async function missingTools(run: Run): Promise<string[]> {
  const faults: string[] = []
  for (const { name, args, version, least, install } of tools) {
    try {
      const [, major, minor] = (version.exec(await run(name, [...args])) ?? []).map(Number)
      const isOld = major! < least[0] || (major === least[0] && minor! < least[1])
      if (isOld || major === undefined)
        faults.push(`${name} ${least.join('.')} or later is needed: ${install}`)
    } catch (error) {
      if (!(error instanceof CommandError)) throw error
      faults.push(`${error.message.split('\n')[0]} ${install}`)
    }
  }
  return faults
}
