import { readFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { join, posix } from 'node:path'
import * as ast from 'typescript/unstable/ast'
import { createVirtualFileSystem } from 'typescript/unstable/fs'
import { API } from 'typescript/unstable/sync'

export type Node = ast.Node

export type Import = {
  /** As written: `../shared/errors.ts`, `postgres`, `node:fs`. */
  specifier: string
  /** The file below the root that a relative specifier names, else null. */
  file: string | null
  /** `value` runs at start, `dynamic` when it is reached, `type` never: it is erased. */
  kind: 'value' | 'type' | 'dynamic'
  line: number
}

export type Source = {
  /** From the root, with `/`: `cli/commands/add.ts`. */
  path: string
  lines: number
  tree: ast.SourceFile
  imports: Import[]
}

export const rooms = [
  'cli',
  'server',
  'notifier',
  'recurrer',
  'ops',
  'shared',
  'scripts',
  'test',
  'bench',
  'deploy',
]

const root = join(import.meta.dirname, '../..')

/** The text of every TypeScript file of the house by its path. */
export async function readHouse(): Promise<Record<string, string>> {
  const files: Record<string, string> = {}
  for await (const path of glob(`{${rooms.join(',')}}/**/*.{ts,tsx}`, { cwd: root })) {
    files[path.replaceAll('\\', '/')] = readFileSync(join(root, path), 'utf8')
  }
  return files
}

/** Parses with the compiler that the project is checked with; nothing is read from the disk. */
export function parse(files: Record<string, string>): Source[] {
  const virtual = Object.fromEntries(Object.entries(files).map(([path, text]) => [`/house/${path}`, text]))
  const options = { noLib: true, noResolve: true, types: [], jsx: 'preserve', noEmit: true }
  virtual['/house/tsconfig.json'] = JSON.stringify({ compilerOptions: options, include: ['**/*'] })
  const api = new API({ fs: createVirtualFileSystem(virtual), cwd: '/house' })
  try {
    const project = api.updateSnapshot({ openProjects: ['/house/tsconfig.json'] }).getProjects()[0]!
    return Object.entries(files).map(([path, text]) => {
      const tree = project.program.getSourceFile(`/house/${path}`)
      if (tree === undefined) throw new Error(`${path} was not parsed`)
      return { path, lines: linesOf(text), tree, imports: importsOf(path, tree) }
    })
  } finally {
    api.close()
  }
}

const linesOf = (text: string): number => text.replace(/\n$/, '').split('\n').length

export const lineOf = (tree: ast.SourceFile, node: Node): number =>
  tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1

/** Every node below, parents first. */
export function* nodesOf(node: Node): Generator<Node> {
  const children: Node[] = []
  node.forEachChild((child) => void children.push(child))
  for (const child of children) {
    yield child
    yield* nodesOf(child)
  }
}

function importsOf(path: string, tree: ast.SourceFile): Import[] {
  const found: Import[] = []
  for (const node of nodesOf(tree)) {
    const named = importOf(node)
    if (named === null) continue
    const { specifier, kind } = named
    const file = specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : null
    found.push({ specifier, file, kind, line: lineOf(tree, node) })
  }
  return found
}

function importOf(node: Node): Pick<Import, 'specifier' | 'kind'> | null {
  if (ast.isImportDeclaration(node)) {
    const isType = node.importClause?.phaseModifier === ast.SyntaxKind.TypeKeyword
    return { specifier: textOf(node.moduleSpecifier), kind: isType ? 'type' : 'value' }
  }
  if (ast.isExportDeclaration(node) && node.moduleSpecifier !== undefined) {
    return { specifier: textOf(node.moduleSpecifier), kind: node.isTypeOnly ? 'type' : 'value' }
  }
  if (ast.isImportTypeNode(node)) {
    const { argument } = node
    return { specifier: ast.isLiteralTypeNode(argument) ? textOf(argument.literal) : '', kind: 'type' }
  }
  if (!ast.isCallExpression(node)) return null
  const [first] = node.arguments
  if (first === undefined || !ast.isStringLiteralLikeNode(first)) return null
  if (node.expression.kind === ast.SyntaxKind.ImportKeyword) return { specifier: first.text, kind: 'dynamic' }
  const callee = node.expression.getText()
  return /(^|\.)(require|getBuiltinModule)$/.test(callee) ? { specifier: first.text, kind: 'dynamic' } : null
}

const textOf = (node: Node): string => (ast.isStringLiteralLikeNode(node) ? node.text : '')
