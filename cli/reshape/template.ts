import { functions, isTrue, shown } from './template-functions.ts'
import { type Call, type Node, parseTemplate } from './template-parser.ts'

/**
 * The templates of Go as gh knows them: `{{range .}}{{.id}} {{.title}}{{"\n"}}{{end}}`, with if, else, with, pipes
 * and the functions of template-functions.ts. A template without `range .` is filled in for each item of a list, a
 * line each. Throws `invalid` for one that cannot be read.
 */
export function compileTemplate(source: string): (json: string) => string {
  const nodes = parseTemplate(source)
  const rangesItself = nodes.some((node) => node.kind === 'range' && isDot(node.pipe))
  return (json) => {
    const data: unknown = JSON.parse(json)
    if (!Array.isArray(data) || rangesItself) return render(nodes, data, data)
    return data.map((item) => `${render(nodes, item, item).replace(/\n$/, '')}\n`).join('')
  }
}

const isDot = ([call, ...more]: Call[]): boolean => {
  const [arg] = call?.args ?? []
  return more.length === 0 && arg?.kind === 'path' && arg.path.length === 0
}

function render(nodes: Node[], dot: unknown, root: unknown): string {
  return nodes.map((node) => renderNode(node, dot, root)).join('')
}

function renderNode(node: Node, dot: unknown, root: unknown): string {
  if (node.kind === 'text') return node.text
  const value = evaluate(node.pipe, dot, root)
  if (node.kind === 'print') return shown(value)
  if (node.kind === 'if') return render(isTrue(value) ? node.body : node.otherwise, dot, root)
  if (node.kind === 'with') {
    return isTrue(value) ? render(node.body, value, root) : render(node.otherwise, dot, root)
  }
  const items = Array.isArray(value) ? value : Object.values((value ?? {}) as object)
  if (items.length === 0) return render(node.otherwise, dot, root)
  return items.map((item) => render(node.body, item, root)).join('')
}

/** Each call of a pipe gets the value of the one before as its last argument. */
function evaluate(pipe: Call[], dot: unknown, root: unknown): unknown {
  let value: unknown
  for (const [n, call] of pipe.entries()) {
    const given = call.args.map((arg) => {
      if (arg.kind === 'literal') return arg.value
      if (arg.kind === 'pipe') return evaluate(arg.pipe, dot, root)
      return arg.path.reduce<unknown>(
        (from, name) => (from as Record<string, unknown> | null | undefined)?.[name],
        arg.root ? root : dot,
      )
    })
    const args = n === 0 ? given : [...given, value]
    value = call.name === null ? args[0] : functions[call.name]!(...args)
  }
  return value
}
