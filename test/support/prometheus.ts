import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { stringify } from 'yaml'
import { inheritedEnvironment } from '../../shared/config.ts'
import { freePort } from './ports.ts'

export type Target = { labels: Record<string, string>; address: string; path?: string }

export type Alert = { labels: Record<string, string>; state: 'pending' | 'firing' }

export type Prometheus = {
  alerts(): Promise<Alert[]>
  /** Asks until the condition holds; throws what the alerts were when it does not in time. */
  until(what: string, isSo: (alerts: Alert[]) => boolean, ms?: number): Promise<void>
  /** Asks until the sum of an instant query is so; resolves with it. */
  untilValue(expr: string, isSo: (value: number) => boolean, ms?: number): Promise<number>
  /** What is wrong with an expression, or null. */
  faultOf(expr: string): Promise<string | null>
  stop(): Promise<void>
}

/** A real Prometheus that scrapes the targets each second and evaluates the rules as often. */
export async function startPrometheus(targets: Target[], rules: string): Promise<Prometheus> {
  const home = mkdtempSync(join(tmpdir(), 'todo-prometheus-'))
  writeFileSync(join(home, 'rules.yaml'), rules)
  const config = {
    global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
    rule_files: ['rules.yaml'],
    scrape_configs: targets.map(({ labels, address, path = '/metrics' }, i) => ({
      job_name: labels.job ?? `target-${i}`,
      metrics_path: path,
      static_configs: [{ targets: [address], labels }],
    })),
  }
  writeFileSync(join(home, 'prometheus.yaml'), stringify(config))
  const port = await freePort()
  const child = spawn(
    'prometheus',
    [
      `--config.file=${join(home, 'prometheus.yaml')}`,
      `--storage.tsdb.path=${join(home, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'], env: inheritedEnvironment({}) },
  )
  const log = lastWords(child)
  const url = `http://127.0.0.1:${port}`
  const get = async <T>(path: string): Promise<T> => {
    const response = await fetch(`${url}${path}`)
    return ((await response.json()) as { data: T }).data
  }
  const alerts = async () => (await get<{ alerts: Alert[] }>('/api/v1/alerts')).alerts
  await waitUntil(20_000, async () => (await fetch(`${url}/-/ready`).catch(() => null))?.ok === true, log)
  return {
    alerts,
    until: async (what, isSo, ms = 60_000) => {
      let seen: Alert[] = []
      const hold = async () => isSo((seen = await alerts()))
      const told = () =>
        `${what}; there are ${seen.map(({ labels, state }) => `${labels.alertname} ${state}`).join(', ') || 'none'}`
      await waitUntil(ms, hold, told)
    },
    untilValue: async (expr, isSo, ms = 30_000) => {
      let value = Number.NaN
      const ask = async () => {
        type Found = { result: { value: [number, string] }[] }
        const { result } = await get<Found>(`/api/v1/query?query=${encodeURIComponent(`sum(${expr})`)}`)
        value = Number(result[0]?.value[1] ?? Number.NaN)
        return isSo(value)
      }
      await waitUntil(ms, ask, () => `${expr} is ${value}`)
      return value
    },
    faultOf: async (expr) => {
      const response = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(expr)}`)
      const { error } = (await response.json()) as { error?: string }
      return error ?? null
    },
    stop: async () => {
      if (child.exitCode === null) {
        child.kill('SIGTERM')
        await once(child, 'close')
      }
      rmSync(home, { recursive: true, force: true })
    },
  }
}

function lastWords(child: ChildProcess): () => string {
  let text = ''
  child.stderr?.setEncoding('utf8').on('data', (chunk) => {
    text = (text + chunk).slice(-2_000)
  })
  return () => `prometheus: ${text}`
}

async function waitUntil(ms: number, isSo: () => Promise<boolean>, told: () => string): Promise<void> {
  const deadline = Date.now() + ms
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`not within ${ms / 1000} s: ${told()}`)
    await sleep(250)
  }
}
