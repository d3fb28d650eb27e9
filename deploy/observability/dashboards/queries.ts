import type { Row } from '../panels.ts'

export type Dashboard = { uid: string; title: string; rows: Row[] }

export const quantiles = (metric: string, by = '') =>
  [0.5, 0.95, 0.99].map((share) => ({
    expr: `histogram_quantile(${share}, sum by (le${by && `, ${by}`}) (rate(${metric}_bucket{namespace="$namespace"}[$__rate_interval])))`,
    legend: `p${share * 100}${by && ` {{${by}}}`}`,
  }))

export const rate = (metric: string, by: string, where = '') => ({
  expr: `sum by (${by}) (rate(${metric}{namespace="$namespace"${where}}[$__rate_interval]))`,
  legend: by
    .split(', ')
    .map((label) => `{{${label}}}`)
    .join(' '),
})

export const gauge = (metric: string, how: string, legend: string) => ({
  expr: `${how} (${metric}{namespace="$namespace"})`,
  legend,
})

export const milliseconds = (metric: string, by: string) => [
  {
    expr: `histogram_quantile(0.99, sum by (le, ${by}) (rate(${metric}_bucket{namespace="$namespace"}[$__rate_interval])))`,
    legend: `p99 {{${by}}}`,
  },
]
