import assert from 'node:assert/strict'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import type { Hono } from 'hono'

type Json = Record<string, unknown>
type Responses = Record<string, { $ref?: string; headers?: Json; content?: Record<string, Json> }>
type Described = { paths: Record<string, Record<string, { responses: Responses }>>; components: Json }

/** Compares answers with the description that the same server gives of itself. */
export type Contract = {
  document: Described
  /** Throws when the answer is not what the description promises for this request. */
  check: (method: string, path: string, answer: { status: number; headers: Headers; text: string }) => void
}

const known = new WeakMap<Hono, Promise<Contract>>()

export function contractOf(app: Hono): Promise<Contract> {
  const found = known.get(app) ?? readContract(app)
  known.set(app, found)
  return found
}

async function readContract(app: Hono): Promise<Contract> {
  const document = (await (await app.request('/openapi.json')).json()) as Described
  const validate = validator(document)
  const templates = Object.keys(document.paths).map((path) => ({ path, pattern: patternOf(path) }))
  const check: Contract['check'] = (method, path, { status, headers, text }) => {
    const pathname = new URL(path, 'http://localhost').pathname
    const where = `${method} ${pathname} → ${status}`
    const template = templates.find(({ pattern }) => pattern.test(pathname))?.path
    const operation = template && document.paths[template]![method === 'HEAD' ? 'get' : method.toLowerCase()]
    if (status >= 400) return checkProblem(validate, where, status, headers, text, operation)
    if (method === 'OPTIONS' || !template) return
    assert.ok(operation, `${where}: the description does not know this operation`)
    const response = operation.responses[status]
    assert.ok(response, `${where}: the description does not know this status`)
    for (const name of status === 201 ? Object.keys(response.headers ?? {}) : []) {
      assert.ok(headers.has(name), `${where}: lacks the header ${name}`)
    }
    const type = headers.get('content-type')?.split(';')[0] ?? ''
    if (method === 'HEAD' || !response.content) return assert.equal(text, '', `${where}: has a body`)
    assert.ok(response.content[type], `${where}: the description does not know the type ${type}`)
    // `fields` leaves out what the description of a whole item demands.
    if (type !== 'application/json' || /[?&]fields=/.test(path)) return
    const schema = pointer(
      'paths',
      template,
      method.toLowerCase(),
      'responses',
      status,
      'content',
      type,
      'schema',
    )
    conforms(validate(schema), JSON.parse(text), where)
  }
  return { document, check }
}

function checkProblem(
  validate: (pointer: string) => ValidateFunction,
  where: string,
  status: number,
  headers: Headers,
  text: string,
  operation: { responses: Responses } | '' | undefined,
): void {
  assert.equal(headers.get('content-type'), 'application/problem+json', where)
  if (status === 405) assert.ok(headers.get('allow'), `${where}: lacks Allow`)
  else if (operation && status !== 500) {
    assert.ok(operation.responses[status], `${where}: the description does not know this status`)
  }
  if (status === 429 || status === 503) assert.match(headers.get('retry-after') ?? '', /^\d+$/, where)
  if (text === '') return
  const problem = JSON.parse(text)
  conforms(validate(pointer('components', 'schemas', 'Problem')), problem, where)
  assert.equal(problem.status, status, where)
  assert.equal(problem.request_id, headers.get('x-request-id'), where)
}

function conforms(validate: ValidateFunction, value: unknown, where: string): void {
  if (validate(value)) return
  const faults = (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`).join('; ')
  assert.fail(`${where}: the body is not as described: ${faults}`)
}

/** Validates against a place in the description, given as a JSON pointer. */
export function validator(document: Described): (pointer: string) => ValidateFunction {
  const ajv = new Ajv2020({ strict: false, validateFormats: true, allErrors: true })
  ajv.addFormat('uuid', /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  ajv.addFormat('date', /^\d{4}-\d\d-\d\d$/)
  ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  ajv.addFormat('email', true)
  ajv.addFormat('uri', true)
  ajv.addSchema(closed(document) as Json, 'api')
  const compiled = new Map<string, ValidateFunction>()
  return (at) => {
    const found = compiled.get(at) ?? ajv.compile({ $ref: `api#${at}` })
    compiled.set(at, found)
    return found
  }
}

/** Clients must bear unknown fields in answers; the suite must not, or a field could be forgotten in a schema. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed)
  if (typeof value !== 'object' || value === null) return value
  const copy = Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, closed(inner)]))
  const open = copy.type === 'object' && copy.properties && copy.additionalProperties === undefined
  return open ? { ...copy, additionalProperties: false } : copy
}

const pointer = (...parts: (string | number)[]) =>
  parts
    .map((part) => `/${encodeURIComponent(String(part).replaceAll('~', '~0').replaceAll('/', '~1'))}`)
    .join('')

/** A path that is all fixed wins over one with a variable, since it comes first in the description. */
const patternOf = (path: string) => new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`)
