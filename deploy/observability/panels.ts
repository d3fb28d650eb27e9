export type Query = { expr: string; legend: string }
export type Panel = { title: string; unit: string; queries: Query[] }
export type Row = { title: string; panels: Panel[] }

/** Grafana's grid has 24 columns. */
const columns = 24
const height = 8

const datasource = { type: 'prometheus', uid: '$datasource' }

/** Rows one below the other, up to three panels beside each other, all of one height. */
export function panelsOf(rows: Row[]): object[] {
  const placed: object[] = []
  let y = 0
  for (const { title, panels } of rows) {
    placed.push({
      id: placed.length + 1,
      type: 'row',
      title,
      collapsed: false,
      panels: [],
      gridPos: { x: 0, y, w: columns, h: 1 },
    })
    y += 1
    const across = Math.min(3, panels.length % 4 === 0 ? 2 : panels.length)
    const width = columns / across
    panels.forEach((panel, i) => {
      const gridPos = { x: (i % across) * width, y: y + Math.floor(i / across) * height, w: width, h: height }
      placed.push(timeSeries(panel, { id: placed.length + 1, gridPos }))
    })
    y += Math.ceil(panels.length / across) * height
  }
  return placed
}

const timeSeries = ({ title, unit, queries }: Panel, place: { id: number; gridPos: object }): object => ({
  ...place,
  type: 'timeseries',
  title,
  datasource,
  fieldConfig: {
    defaults: { unit, min: 0, custom: { fillOpacity: 8, showPoints: 'never', spanNulls: false } },
    overrides: [],
  },
  options: { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi', sort: 'desc' } },
  targets: queries.map(({ expr, legend }, i) => ({
    refId: String.fromCharCode(65 + i),
    datasource,
    expr,
    legendFormat: legend,
  })),
})
