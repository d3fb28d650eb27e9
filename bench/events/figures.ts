import { request } from 'undici'

/** Upper bounds in seconds with how many lay at or below each, as a Prometheus histogram has them. */
export type Histogram = [bound: number, below: number][]

export async function readMetrics(url: string): Promise<string> {
  const { body } = await request(`${url}/metrics`)
  return body.text()
}

export const readValue = (text: string, name: string): number =>
  Number(text.match(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm'))?.[1] ?? Number.NaN)

export function readHistogram(text: string, name: string): Histogram {
  const lines = text.matchAll(new RegExp(`^${name}_bucket\\{[^}]*le="([^"]+)"[^}]*\\} (\\d+)$`, 'gm'))
  return [...lines].map(([, bound, below]) => [bound === '+Inf' ? Infinity : Number(bound), Number(below)])
}

/** What was counted between two readings. */
export const difference = (after: Histogram, before: Histogram): Histogram =>
  after.map(([bound, below], i) => [bound, below - (before[i]?.[1] ?? 0)])

/** Between two bounds the values are taken to lie evenly, so it is exact to within one bucket. Milliseconds. */
export function quantileOf(histogram: Histogram, q: number): number {
  const wanted = (histogram.at(-1)?.[1] ?? 0) * q
  let [low, under] = [0, 0]
  for (const [bound, below] of histogram) {
    if (below >= wanted)
      return (low + (Math.min(bound, 1e6) - low) * ((wanted - under) / (below - under || 1))) * 1000
    ;[low, under] = [bound, below]
  }
  return Number.NaN
}
