import { createHash } from 'node:crypto'
import type { Document } from './document.ts'
import { pageStyle } from './style.ts'

type Json = Record<string, unknown>
type Parameter = { name: string; in: string; required?: boolean; description?: string; schema?: Json }
type Operation = {
  summary?: string
  tags?: string[]
  security?: Json[]
  parameters?: Parameter[]
  requestBody?: { content: Record<string, { schema: Json }> }
  responses: Record<
    string,
    { $ref?: string; description?: string; content?: Record<string, { schema: Json }> }
  >
}

/** No script, nothing from elsewhere: the page is this one file, and its policy says so to the browser. */
export const pagePolicy = `default-src 'none'; style-src 'sha256-${createHash('sha256')
  .update(pageStyle)
  .digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`

/** The description of the API as one page of HTML, for people. */
export function renderPage(document: Document): string {
  const operations = operationsOf(document)
  const tags = [...Map.groupBy(operations, ({ operation }) => operation.tags?.[0] ?? 'service')]
  const schemas = Object.entries((document.components?.schemas ?? {}) as Record<string, Json>)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>todo: the API</title>
<style>${pageStyle}</style>
</head>
<body>
<nav aria-label="Contents"><ul>${tags.map(([tag]) => item(tag)).join('')}${item('schemas')}</ul></nav>
<main>
<h1>todo: the API</h1>
<p>${escaped(document.info.description ?? '')}</p>
<p>The same for machines: <a href="/openapi.json">openapi.json</a>.</p>
${tags.map(([tag, some]) => section(tag, some.map(operationHtml).join('\n'))).join('\n')}
${section('schemas', schemas.map(([name, schema]) => schemaHtml(name, schema)).join('\n'))}
</main>
</body>
</html>
`
}

type Listed = { method: string; path: string; operation: Operation }

const operationsOf = (document: Document): Listed[] =>
  Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, Operation>).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      operation,
    })),
  )

const item = (name: string) => `<li><a href="#${name}">${escaped(name)}</a></li>`

const section = (name: string, html: string) =>
  `<section id="${name}"><h2>${escaped(name)}</h2>\n${html}\n</section>`

function operationHtml({ method, path, operation }: Listed): string {
  const scope = Object.values(operation.security?.[0] ?? {})
    .flat()
    .join(', ')
  const access = operation.security?.length === 0 ? 'open to everybody' : scope && `scope ${scope}`
  const bodies = Object.entries(operation.requestBody?.content ?? {})
  const body = bodies[0]?.[1].schema
  return `<details>
<summary><b class="${method.toLowerCase()}">${method}</b> <code>${escaped(path)}</code> ${escaped(operation.summary ?? '')}</summary>
${access ? `<p>${escaped(access)}</p>` : ''}
${table('Parameters', (operation.parameters ?? []).map(parameterRow))}
${body ? `<h4>Body</h4><p>${bodies.map(([type]) => `<code>${escaped(type)}</code>`).join(' or ')}: ${typeOf(body)}</p>` : ''}
${table(
  'Answers',
  Object.entries(operation.responses).map(([status, response]) => responseRow(status, response)),
)}
</details>`
}

const table = (title: string, rows: string[]) =>
  rows.length === 0 ? '' : `<h4>${title}</h4><table>${rows.join('')}</table>`

const row = (...cells: string[]) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`

const parameterRow = ({ name, in: place, required, description = '', schema = {} }: Parameter) =>
  row(
    `<code>${escaped(name)}</code>${required ? ' *' : ''}`,
    place,
    typeOf(schema),
    escaped(description || String(schema.description ?? '')),
  )

function responseRow(status: string, response: Operation['responses'][string]): string {
  if (response.$ref) return row(status, typeOf({ $ref: '#/components/schemas/Problem' }), '')
  const schema = Object.values(response.content ?? {})[0]?.schema
  return row(status, schema ? typeOf(schema) : '', escaped(response.description ?? ''))
}

function schemaHtml(name: string, schema: Json): string {
  const properties = Object.entries((schema.properties ?? {}) as Record<string, Json>)
  const required = new Set((schema.required ?? []) as string[])
  const rows = properties.map(([field, inner]) =>
    row(
      `<code>${escaped(field)}</code>${required.has(field) ? ' *' : ''}`,
      typeOf(inner),
      escaped(String(inner.description ?? '')),
    ),
  )
  const example = (schema.examples as unknown[] | undefined)?.[0] ?? schema.example
  const shown = example === undefined ? '' : `<pre>${escaped(JSON.stringify(example, null, 2))}</pre>`
  const fields = rows.length > 0 ? `<table>${rows.join('')}</table>` : `<p>${typeOf(schema)}</p>`
  return `<details id="schema-${escaped(name)}"><summary><code>${escaped(name)}</code></summary>${fields}${shown}</details>`
}

/** A type in a few words, with a link where it has a name. */
function typeOf(schema: Json): string {
  if (typeof schema.$ref === 'string') {
    const name = schema.$ref.split('/').pop()!
    return `<a href="#schema-${escaped(name)}">${escaped(name)}</a>`
  }
  const choices = (schema.anyOf ?? schema.oneOf) as Json[] | undefined
  if (choices) return [...new Set(choices.map(typeOf))].join(' or ')
  if (schema.enum)
    return (schema.enum as unknown[]).map((value) => `<code>${escaped(String(value))}</code>`).join(' ')
  if (schema.const !== undefined) return `<code>${escaped(String(schema.const))}</code>`
  if (schema.type === 'array') return `list of ${typeOf((schema.items ?? {}) as Json)}`
  if (schema.type === 'object' && schema.properties) {
    const fields = Object.entries(schema.properties as Record<string, Json>)
    return `{ ${fields.map(([name, inner]) => `${escaped(name)}: ${typeOf(inner)}`).join(', ')} }`
  }
  const type = [schema.type].flat().join(' or ') || 'anything'
  return escaped(schema.format ? `${type} (${String(schema.format)})` : type)
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escaped = (text: string) => text.replace(/[&<>"']/g, (one) => entities[one]!)
