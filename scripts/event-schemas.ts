import * as z from 'zod'
import { type EventName, eventPayloads } from '../shared/events.ts'

export type JsonSchema = { [key: string]: unknown }

/** The published schema of every event: the CloudEvent with its payload, by file name. */
export function eventSchemas(): Map<string, JsonSchema> {
  const names = Object.keys(eventPayloads) as EventName[]
  return new Map(names.map((name) => [`${name}.schema.json`, eventSchema(name)]))
}

function eventSchema(name: EventName): JsonSchema {
  const event = z.object({
    specversion: z.literal('1.0'),
    id: z
      .string()
      .meta({ description: "Unique; a repeat has the same id. It is the consumers' key for repeats" }),
    source: z.string().meta({ description: 'Who made the change: /todo/<service>' }),
    type: z.literal(name),
    subject: z.string().meta({ description: "The task's id, which is the partition key too" }),
    time: z.iso.datetime().meta({ description: 'When it was committed, UTC with milliseconds' }),
    datacontenttype: z.literal('application/json'),
    traceparent: z.string().optional().meta({ description: 'W3C trace of the request that made the change' }),
    data: eventPayloads[name],
  })
  // As input, because readers must accept fields that they do not know.
  const schema = z.toJSONSchema(event, { io: 'input', override: ({ jsonSchema }) => simplify(jsonSchema) })
  return { ...schema, title: name } as JsonSchema
}

/** What a format or a plain integer says already would only hide the meaning. */
function simplify(schema: JsonSchema): void {
  if (schema.format !== undefined) delete schema.pattern
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum
}

/**
 * What in `next` would break somebody who reads by `last`, or make a reader of `next` refuse what was written under
 * `last` and may still lie on the bus: fields gone, types or values narrowed or changed, newly required fields.
 */
export function incompatibilities(last: JsonSchema, next: JsonSchema): string[] {
  return compare(last, next, { last, next }, '')
}

type Roots = { last: JsonSchema; next: JsonSchema }

function compare(last: JsonSchema, next: JsonSchema, roots: Roots, path: string): string[] {
  const before = resolve(last, roots.last)
  const after = resolve(next, roots.next)
  const at = path === '' ? 'the event' : path
  const gone = [...typesOf(before, roots.last)].filter((type) => !typesOf(after, roots.next).has(type))
  const come = [...typesOf(after, roots.next)].filter((type) => !typesOf(before, roots.last).has(type))
  const found: string[] = []
  if (gone.length + come.length > 0) found.push(`${at}: type ${list(gone)} became ${list(come)}`)
  if (before.const !== after.const) found.push(`${at}: ${before.const} became ${after.const}`)
  if (before.format !== after.format) found.push(`${at}: format ${before.format} became ${after.format}`)
  const lostValues = values(before).filter((value) => !values(after).includes(value))
  if (lostValues.length > 0) found.push(`${at}: the values ${lostValues.join(', ')} are gone`)
  found.push(...compareFields(before, after, roots, path))
  if (isSchema(before.items) && isSchema(after.items)) {
    found.push(...compare(before.items, after.items, roots, `${path}[]`))
  }
  return found
}

function compareFields(before: JsonSchema, after: JsonSchema, roots: Roots, path: string): string[] {
  const old = (before.properties ?? {}) as Record<string, JsonSchema>
  const now = (after.properties ?? {}) as Record<string, JsonSchema>
  const found: string[] = []
  for (const [name, schema] of Object.entries(old)) {
    const field = path === '' ? name : `${path}.${name}`
    const next = now[name]
    if (!next) found.push(`${field}: removed`)
    else found.push(...compare(schema, next, roots, field))
  }
  const required = (after.required ?? []) as string[]
  for (const name of required.filter((one) => !((before.required ?? []) as string[]).includes(one))) {
    found.push(`${path === '' ? name : `${path}.${name}`}: newly required, but older events do not have it`)
  }
  for (const name of ((before.required ?? []) as string[]).filter((one) => !required.includes(one))) {
    found.push(`${path === '' ? name : `${path}.${name}`}: no longer always there`)
  }
  return found
}

/** Follows a reference, and of "this or null" takes the this. */
function resolve(schema: JsonSchema, root: JsonSchema): JsonSchema {
  if (typeof schema.$ref === 'string') {
    const name = schema.$ref.replace('#/$defs/', '')
    return resolve((root.$defs as Record<string, JsonSchema>)[name] ?? {}, root)
  }
  const options = (schema.anyOf as JsonSchema[] | undefined)?.filter((option) => option.type !== 'null')
  return options?.length === 1 ? { ...resolve(options[0]!, root), nullable: true } : schema
}

function typesOf(schema: JsonSchema, root: JsonSchema): Set<string> {
  const options = (schema.anyOf ?? []) as JsonSchema[]
  const own = Array.isArray(schema.type)
    ? (schema.type as string[])
    : schema.type
      ? [String(schema.type)]
      : []
  const types = new Set([...own, ...options.flatMap((option) => [...typesOf(resolve(option, root), root)])])
  if (schema.nullable) types.add('null')
  return types
}

const values = (schema: JsonSchema): unknown[] => (Array.isArray(schema.enum) ? schema.enum : [])
const isSchema = (value: unknown): value is JsonSchema => typeof value === 'object' && value !== null
const list = (types: string[]): string => types.join(', ') || 'nothing'
