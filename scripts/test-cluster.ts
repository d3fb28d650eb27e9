import { spawnSync } from 'node:child_process'
import { glob } from 'node:fs/promises'
import { join } from 'node:path'
import { inheritedEnvironment } from '../shared/config.ts'

// Drives a cluster that minikube-up has made through rollouts, deaths and outages: `node scripts/test-cluster.ts
// [file…]`. One file after the other, as each puts the whole of it under load.

const root = join(import.meta.dirname, '..')
const words = process.argv.slice(2)
const named = words.filter((word) => !word.startsWith('-'))
const files = named.length > 0 ? named : await Array.fromAsync(glob('test/cluster/*.test.ts', { cwd: root }))
const args = ['--test', '--test-concurrency=1', '--test-timeout=600000', '--test-reporter=spec']
const options = words.filter((word) => word.startsWith('-'))
const done = spawnSync(process.execPath, [...args, ...options, ...files.sort()], {
  cwd: root,
  stdio: 'inherit',
  env: inheritedEnvironment({}),
})
process.exitCode = done.status ?? 1
