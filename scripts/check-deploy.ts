import { spawnSync } from 'node:child_process'
import { glob } from 'node:fs/promises'
import { join } from 'node:path'
import { inheritedEnvironment } from '../shared/config.ts'

// Renders the chart with every switch for every target and checks what comes out: `node scripts/check-deploy.ts`. With
// --if-tools it says what is missing instead of failing for it.

const root = join(import.meta.dirname, '..')

const tools: [name: string, install: string][] = [
  ['helm', 'https://helm.sh/docs/intro/install/'],
  ['kubeconform', 'go install github.com/yannh/kubeconform/cmd/kubeconform@v0.7.0'],
]

async function main(): Promise<number> {
  const env = inheritedEnvironment({})
  const missing = tools.filter(
    ([name]) => spawnSync(name, ['-h'], { env, stdio: 'ignore' }).error !== undefined,
  )
  for (const [name, install] of missing) process.stderr.write(`${name} is missing: ${install}\n`)
  if (missing.length > 0) {
    const isOptional = process.argv.includes('--if-tools')
    if (isOptional) process.stderr.write('The chart was not rendered; make check-deploy does it.\n')
    return isOptional ? 0 : 1
  }
  const rendered = await Array.fromAsync(glob('test/deploy/*.test.ts', { cwd: root }))
  const beside = await Array.fromAsync(glob('deploy/**/*.test.ts', { cwd: root }))
  const args = ['--test', '--test-reporter=spec', ...beside.sort(), ...rendered.sort()]
  return spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit', env }).status ?? 1
}

process.exitCode = await main()
