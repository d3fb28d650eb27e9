/** Values counted by size: what a histogram prints, without the package that prints it. */
export type Tally = {
  readonly bounds: readonly number[]
  /** One more than bounds: what was larger than all of them. */
  readonly counts: number[]
  sum: number
}

export const createTally = (bounds: readonly number[]): Tally => ({
  bounds,
  counts: Array(bounds.length + 1).fill(0),
  sum: 0,
})

export function count(tally: Tally, value: number): void {
  const place = tally.bounds.findIndex((bound) => value <= bound)
  tally.counts[place < 0 ? tally.bounds.length : place]! += 1
  tally.sum += value
}

export type Labelled = { labels: Record<string, string | number>; tally: Tally }

/** In the form that a registry of prom-client prints. */
export const histogramMetric = (name: string, help: string, read: () => Iterable<Labelled>) => ({
  name,
  get: () => ({
    name,
    help,
    type: 'histogram',
    aggregator: 'sum',
    values: [...read()].flatMap(({ labels, tally }) => {
      let below = 0
      const bars = tally.counts.map((count, place) => {
        below += count
        const le = tally.bounds[place] ?? '+Inf'
        return { metricName: `${name}_bucket`, labels: { ...labels, le }, value: below }
      })
      return [
        ...bars,
        { metricName: `${name}_sum`, labels, value: tally.sum },
        { metricName: `${name}_count`, labels, value: below },
      ]
    }),
  }),
})
