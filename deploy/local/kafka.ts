import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Part } from './part.ts'
import { portOpen } from './part.ts'
import { renderText } from './render.ts'
import { root } from './settings.ts'

/** One KRaft node. Only the first compiler of the JVM: it starts a second sooner and is fast enough for a desk. */
export function kafkaPart(options: {
  home: string
  java: string
  libs: string
  port: number
  controllerPort: number
}): Part {
  const data = join(options.home, 'kafka/data')
  const properties = join(options.home, 'kafka/server.properties')
  const java = (...args: string[]) => [
    ...['-Xms64m', '-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'],
    `-Dlog4j2.configurationFile=${join(root, 'deploy/local/kafka-log4j2.properties')}`,
    ...['-cp', join(options.libs, '*'), ...args],
  ]
  const prepare = async () => {
    mkdirSync(join(options.home, 'kafka'), { recursive: true })
    const template = readFileSync(join(root, 'deploy/local/kafka.properties'), 'utf8')
    const values = {
      KAFKA_PORT: String(options.port),
      CONTROLLER_PORT: String(options.controllerPort),
      DATA_DIR: data,
    }
    writeFileSync(properties, renderText(template, values))
    if (existsSync(join(data, 'meta.properties'))) return
    const cluster = randomBytes(16).toString('base64url')
    // Its output may hold credentials and is never kept.
    await promisify(execFile)(
      options.java,
      java('kafka.tools.StorageTool', 'format', '-t', cluster, '-c', properties),
    )
  }
  return {
    name: 'kafka',
    ground: true,
    prepare,
    command: () => ({ file: options.java, args: java('kafka.Kafka', properties) }),
    // The client port opens only when the broker is usable.
    ready: () => portOpen(options.port),
    stopSignal: 'SIGTERM',
    graceMs: 15_000,
    address: `127.0.0.1:${options.port}`,
  }
}
