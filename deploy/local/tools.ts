import { execFile, execFileSync } from 'node:child_process'
import { accessSync, constants, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { readVersions, root } from './settings.ts'

/** Where the programs of the native stack are. */
export type Tools = { daprd: string; java: string; kafkaLibs: string; redis: string }

export type Missing = { what: string; install: string }

type Environment = Record<string, string | undefined>

/**
 * Looks for what the native stack runs. Kafka's jars may still have to be fetched: then `kafkaLibs` names the folder
 * that `fetchKafka` fills.
 */
export function findTools(env: Environment): { tools: Tools | null; missing: Missing[] } {
  const versions = readVersions()
  const daprd = env.DAPRD || onPath('daprd', env) || executable(join(env.HOME ?? '', '.dapr/bin/daprd'))
  const java = onPath('java', env)
  const redis = onPath('redis-server', env) || onPath('valkey-server', env)
  const kafkaLibs = env.KAFKA_LIBS || join(root, `.cache/kafka-${versions.KAFKA_VERSION}`)
  const missing: Missing[] = []
  if (!daprd || !executable(daprd)) {
    const install = `dapr init --slim --runtime-version ${versions.DAPR_VERSION}   (the CLI: https://docs.dapr.io/getting-started/install-dapr-cli/), or DAPRD=/path/to/daprd`
    missing.push({ what: daprd ? `a program at DAPRD=${daprd}` : 'daprd', install })
  }
  if (!redis) {
    const install = 'apt-get install redis-server   or   brew install valkey'
    missing.push({ what: 'redis-server or valkey-server', install })
  }
  if (!java || javaMajor(java) < 17) {
    const install = 'apt-get install openjdk-17-jre-headless   or   brew install openjdk'
    missing.push({ what: 'Java 17 or later', install })
  }
  if (!hasKafka(kafkaLibs) && (env.KAFKA_LIBS || !onPath('mvn', env))) {
    const install =
      'apt-get install maven   or   brew install maven   (fetches the jars), or KAFKA_LIBS=/path/to/kafka/libs'
    missing.push({
      what: env.KAFKA_LIBS ? `Kafka's jars at KAFKA_LIBS=${kafkaLibs}` : "Kafka's jars",
      install,
    })
  }
  if (missing.length > 0 || !daprd || !java || !redis) return { tools: null, missing }
  return { tools: { daprd, java, kafkaLibs, redis }, missing }
}

/** True when docker runs and knows compose. */
export function dockerRuns(env: Environment): boolean {
  const docker = onPath('docker', env)
  if (!docker) return false
  try {
    execFileSync(docker, ['compose', 'version'], { stdio: 'ignore', timeout: 10_000 })
    execFileSync(docker, ['info'], { stdio: 'ignore', timeout: 10_000 })
    return true
  } catch {
    return false
  }
}

/** Lets Maven fetch Kafka's jars unless they are there. Into a folder beside the target, so that a broken fetch leaves nothing. */
export async function fetchKafka(tools: Tools, say: (line: string) => void): Promise<void> {
  if (hasKafka(tools.kafkaLibs)) return
  const versions = readVersions()
  say(`fetching Kafka ${versions.KAFKA_VERSION} with Maven (once, about 45 MB)`)
  const part = `${tools.kafkaLibs}.part`
  rmSync(part, { recursive: true, force: true })
  mkdirSync(part, { recursive: true })
  await promisify(execFile)('mvn', [
    ...['-q', '-B', '-f', join(root, 'deploy/local/pom.xml')],
    ...[`-Dkafka.version=${versions.KAFKA_VERSION}`, `-Dlog4j.version=${versions.LOG4J_VERSION}`],
    ...['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${part}`],
  ])
  rmSync(tools.kafkaLibs, { recursive: true, force: true })
  renameSync(part, tools.kafkaLibs)
}

function hasKafka(folder: string): boolean {
  return existsSync(folder) && readdirSync(folder).some((name) => /^kafka_2\.13-.*\.jar$/.test(name))
}

function javaMajor(java: string): number {
  try {
    const version = execFileSync(java, ['--version'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return Number(/ (\d+)/.exec(version)?.[1] ?? 0)
  } catch {
    return 0
  }
}

function onPath(name: string, env: Environment): string | null {
  for (const folder of (env.PATH ?? '').split(delimiter)) {
    const found = folder && executable(join(folder, name))
    if (found) return found
  }
  return null
}

function executable(file: string): string | null {
  try {
    accessSync(file, constants.X_OK)
    return file
  } catch {
    return null
  }
}
