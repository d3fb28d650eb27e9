export type Rule = {
  alert?: string
  record?: string
  expr: string
  labels?: Record<string, string>
  annotations?: Record<string, string>
}

/** Every name of a series in Prometheus' text form; of a histogram its three too. */
export function exposedIn(text: string): Set<string> {
  const names = new Set<string>()
  for (const [, name, type] of text.matchAll(/^# TYPE (\S+) (\S+)$/gm)) {
    names.add(name!)
    if (type === 'histogram') for (const end of ['bucket', 'sum', 'count']) names.add(`${name}_${end}`)
  }
  return names
}

const words = new Set(
  (
    'sum min max count avg topk by without on ignoring and or unless bool offset rate increase delta absent time ' +
    'histogram_quantile label_replace label_values group_left group_right'
  ).split(' '),
)

/** The names of series in an expression of PromQL: what stands outside of braces, strings and grouping labels. */
export function usedIn(expression: string): string[] {
  const bare = expression
    .replaceAll(/"(\\.|[^"\\])*"/g, '')
    .replaceAll(/\{[^}]*\}/g, '')
    .replaceAll(/\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, '')
    .replaceAll(/\[[^\]]*\]/g, '')
  return [...bare.matchAll(/[a-zA-Z_:][\w:]*/g)].map(([name]) => name).filter((name) => !words.has(name))
}
