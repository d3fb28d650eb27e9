import fc from 'fast-check'

type Json = Record<string, unknown>

const edgeDays = ['0000-01-01', '0001-01-01', '9999-12-31', '2023-02-29', '-0001-01-01', '10000-01-01']
const edgeTimes = [
  ...['0000-06-01T00:00:00Z', '0001-01-01T00:00:00+14:00', '9999-12-31T23:59:59.999-14:00'],
  ...['2016-12-31T23:59:60Z', '2026-01-01T00:00:00.000000001Z', '2026-02-30T00:00:00Z'],
]

/** What breaks parsers, databases and printers. */
const nasty = fc.constantFrom<unknown>(
  ...[
    '',
    ' ',
    '\0',
    'a\0b',
    '\ud800',
    '\u202e',
    "'; drop table tasks; --",
    '%',
    '\\',
    '_',
    '{}',
    '[]',
    'null',
    '-',
  ],
  ...[...edgeDays, ...edgeTimes],
  ...[0, -0, -1, 1.5, 1e308, -1e308, 5e-324, 2 ** 31, 2 ** 53, 2 ** 63, 1e21, true, false, null],
  ...['1e9', '0x10', '١', '９', ' 1', '1 ', '+1', '1_000', 'NaN', 'Infinity', '9223372036854775808'],
  [],
  {},
  [[]],
  [null],
  { a: { b: { c: [] } } },
  'x'.repeat(11_000),
  '🏳️‍🌈'.repeat(300),
)

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
)
const day = fc
  .date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString())

/** Values that a JSON schema of the description lets through, most of the time. */
export function anyOf(schema: Json, components: Record<string, Json>, depth = 0): fc.Arbitrary<unknown> {
  const inner = (one: Json) => anyOf(one, components, depth + 1)
  const good = (): fc.Arbitrary<unknown> => {
    if (typeof schema.$ref === 'string') return inner(components[schema.$ref.split('/').pop()!]!)
    const choices = (schema.anyOf ?? schema.oneOf) as Json[] | undefined
    if (choices) return fc.oneof(...choices.map(inner))
    if (schema.enum) return fc.constantFrom(...(schema.enum as unknown[]))
    if ('const' in schema) return fc.constant(schema.const)
    const type = [schema.type].flat()[0]
    if (type === 'string') return stringOf(schema)
    if (type === 'integer' || type === 'number') return numberOf(schema)
    if (type === 'boolean') return fc.boolean()
    if (type === 'null') return fc.constant(null)
    if (type === 'array')
      return fc.array(inner((schema.items ?? {}) as Json), { maxLength: depth > 3 ? 2 : 5 })
    if (type === 'object') return objectOf(schema, inner)
    return fc.jsonValue({ maxDepth: 2 })
  }
  return depth > 7 ? nasty : fc.oneof({ weight: 40, arbitrary: good() }, { weight: 1, arbitrary: nasty })
}

function stringOf({ format, maxLength, pattern }: Json): fc.Arbitrary<unknown> {
  const edge = (values: string[]) => ({ weight: 1, arbitrary: fc.constantFrom(...values) })
  if (format === 'date') {
    return fc.oneof({ weight: 5, arbitrary: day.map((iso) => iso.slice(0, 10)) }, edge(edgeDays))
  }
  if (format === 'date-time') return fc.oneof({ weight: 5, arbitrary: day }, edge(edgeTimes))
  if (format === 'uuid') return fc.uuid()
  if (typeof pattern === 'string') return fc.stringMatching(new RegExp(pattern))
  if (maxLength === undefined) return text
  // At the limit, and one beyond it.
  return fc.oneof(
    { weight: 8, arbitrary: text },
    fc.integer({ min: -1, max: 1 }).map((more) => 'é'.repeat(Math.max(0, Number(maxLength) + more))),
  )
}

const numberOf = ({ minimum, maximum }: Json): fc.Arbitrary<unknown> =>
  fc.oneof(
    fc.integer({
      min: Number(minimum ?? -5),
      max: Math.min(Number(maximum ?? 50), Number(minimum ?? 0) + 50),
    }),
    fc.constantFrom(...[minimum, maximum].filter((bound) => bound !== undefined), 1),
  )

function objectOf(schema: Json, inner: (one: Json) => fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const properties = Object.entries((schema.properties ?? {}) as Record<string, Json>)
  const required = (schema.required ?? []) as string[]
  const fields = Object.fromEntries(properties.map(([name, one]) => [name, inner(one)]))
  const record = someOf(fields, required)
  const odd = fc
    .tuple(record, fc.string(), nasty)
    .map(([value, name, extra]) => ({ ...value, [name]: extra }))
  const partial = fc.record(fields, { requiredKeys: [] })
  return fc.oneof(
    { weight: 12, arbitrary: record },
    { weight: 1, arbitrary: odd },
    { weight: 1, arbitrary: partial },
  )
}

/** A few of the optional fields at a time: with all of them hardly any object would be right. */
export function someOf<T>(
  fields: Record<string, fc.Arbitrary<T>>,
  required: string[] = [],
): fc.Arbitrary<Record<string, T>> {
  const optional = Object.keys(fields).filter((name) => !required.includes(name))
  const pick = (names: string[]) => fc.record(Object.fromEntries(names.map((name) => [name, fields[name]!])))
  return fc
    .subarray(optional, { maxLength: Math.min(3, optional.length) })
    .chain((some) => pick([...required, ...some]))
}

/** A string for a path, a query or a header. */
export const word = (schema: Json, components: Record<string, Json>): fc.Arbitrary<string> =>
  anyOf(schema, components).map((value) => (typeof value === 'string' ? value : JSON.stringify(value)))
