import { basename } from 'node:path'
import * as ast from 'typescript/unstable/ast'
import { isProduct, isTest } from './import-rules.ts'
import type { Fault, Rule } from './rules.ts'
import { lineOf, type Node, nodesOf, type Source } from './sources.ts'

/** Makes a rule of a question about one node: what is wrong with it, or null. */
const eachNode =
  (ask: (node: Node, source: Source) => string | null): Rule =>
  (source) =>
    [...nodesOf(source.tree)].flatMap((node): Fault[] => {
      const says = ask(node, source)
      return says === null ? [] : [{ line: lineOf(source.tree, node), says }]
    })

/** `object.name`, `object?.name` and `object['name']`. */
function isMember(node: Node, object: string, name: string): boolean {
  if (ast.isPropertyAccessExpression(node)) {
    return node.expression.getText() === object && node.name.text === name
  }
  if (!ast.isElementAccessExpression(node)) return false
  const { expression, argumentExpression } = node
  return expression.getText() === object && ast.isStringLiteralLikeNode(argumentExpression)
    ? argumentExpression.text === name
    : false
}

/** `import { env } from 'node:process'`, and taking `env` out of `process`. */
function takesFromProcess(node: Node, name: string): boolean {
  if (ast.isImportDeclaration(node) && /^(node:)?process$/.test(stringOf(node.moduleSpecifier))) {
    return new RegExp(`\\b${name}\\b`).test(node.importClause?.getText() ?? '')
  }
  if (!ast.isVariableDeclaration(node) || node.initializer?.getText() !== 'process') return false
  return new RegExp(`\\b${name}\\b`).test(node.name.getText())
}

const stringOf = (node: Node): string => (ast.isStringLiteralLikeNode(node) ? node.text : '')

const environment = eachNode((node, { path }) =>
  path !== 'shared/config.ts' && (isMember(node, 'process', 'env') || takesFromProcess(node, 'env'))
    ? 'only shared/config.ts reads process.env'
    : null,
)

const isEntry = (path: string) => basename(path) === 'main.ts' || path === 'cli/local.ts'

const exits = eachNode((node, { path }) => {
  if (isEntry(path)) return null
  const ends = ['exit', 'abort', 'reallyExit'].find((name) => isMember(node, 'process', name))
  if (ends !== undefined) return `only main.ts files end the process (${ends})`
  if (takesFromProcess(node, 'exit')) return 'only main.ts files end the process'
  const sets = isProduct(path) && isMember(node, 'process', 'exitCode')
  return sets ? 'only main.ts files set the exit code' : null
})

/**
 * An entry may tell its user which setting is missing; what is said to the sidecar is for one room only. The control
 * plane's namespace is named by those who look at a cluster.
 */
const speaksDapr =
  /\bdapr-(?!system\b)|\/dapr\/|\/v1\.0(-\w+)?\/(publish|state|invoke|bindings|metadata|lock)\b/

const dapr = eachNode((node, { path }) => {
  if (!isProduct(path) || /^shared\/(dapr|config)(\/|\.ts$)/.test(path)) return null
  if (ast.isImportDeclaration(node.parent) || ast.isExportDeclaration(node.parent)) return null
  if (ast.isCallExpression(node.parent) && node.parent.expression.kind === ast.SyntaxKind.ImportKeyword)
    return null
  const isText = ast.isStringLiteralLikeNode(node) || ast.isTemplateLiteralToken(node)
  const text = isText ? (node as ast.StringLiteralLikeNode).text : ''
  const isFound = speaksDapr.test(text) || (/\bDAPR_/.test(text) && !isEntry(path))
  return isFound ? 'only shared/dapr knows Dapr' : null
})

const exported = eachNode((node) => {
  if (ast.isExportAssignment(node)) return 'export it by name'
  if (ast.isExportSpecifier(node) && node.name.getText() === 'default') return 'export it by name'
  return node.kind === ast.SyntaxKind.DefaultKeyword && ast.isExportKeyword(siblingBefore(node))
    ? 'export it by name'
    : null
})

/** `export` in front of `default`: both are modifiers of the same declaration. */
function siblingBefore(node: Node): Node {
  const modifiers = (node.parent as { modifiers?: Iterable<Node> }).modifiers ?? []
  const all = [...modifiers]
  return all[all.indexOf(node) - 1] ?? node
}

const barrels: Rule = ({ tree }) => {
  const passed = [...tree.statements].filter(
    (one) => ast.isExportDeclaration(one) && one.moduleSpecifier !== undefined,
  )
  const stars = passed.filter((one) => ast.isExportDeclaration(one) && one.exportClause === undefined)
  const isBarrel = passed.length > 0 && passed.length === tree.statements.length
  return (isBarrel ? passed : stars).map((one) => ({
    line: lineOf(tree, one),
    says: 'import from the file that defines it',
  }))
}

const plainForms = eachNode((node) => {
  if (ast.isEnumDeclaration(node)) return 'a const table or a union takes the place of an enum'
  if (ast.isModuleDeclaration(node) && stringOf(node.name) === '') return 'a file is namespace enough'
  if (!ast.isClassLikeDeclaration(node)) return null
  const base = node.heritageClauses?.[0]?.getText() ?? ''
  return /^extends \w*Error\b/.test(base) ? null : 'only errors are classes; make a createX function'
})

const banned = new Set(['utils', 'util', 'helpers', 'helper', 'types', 'common', 'misc', 'lib'])

const names: Rule = ({ path }) => {
  const folders = path.split('/')
  const file = folders.pop()!
  const shelf = folders.find((folder) => banned.has(folder))
  const faults: Fault[] = []
  if (shelf !== undefined) faults.push({ line: 1, says: `${shelf}/ says nothing; name it by what it does` })
  if (!/^[a-z0-9]+(-[a-z0-9]+)*(\.(test|bench))?\.tsx?$/.test(file)) {
    faults.push({ line: 1, says: `${file} is not in kebab-case` })
  }
  return faults
}

/** A test that is left out says why; one that runs alone was forgotten. */
const skipped = eachNode((node, { path }) => {
  if (!isTest(path)) return null
  if (ast.isPropertyAccessExpression(node) && /^(test|it|describe|suite)$/.test(node.expression.getText())) {
    return /^(only|skip|todo)$/.test(node.name.text) ? `${node.getText()} is no test` : null
  }
  if (!ast.isPropertyAssignment(node) || !/^(skip|todo|only)$/.test(node.name.getText())) return null
  return node.initializer.kind === ast.SyntaxKind.TrueKeyword ? `${node.getText()} gives no reason` : null
})

export const styleRules = {
  'process.env is read in shared/config.ts only': environment,
  'only entry files end the process': exits,
  'Dapr is known in shared/dapr only': dapr,
  'nothing is exported by default': exported,
  'no file only passes on what others define': barrels,
  'no enums, no namespaces, no classes but errors': plainForms,
  'files and folders have telling names': names,
  'a skipped test gives its reason': skipped,
} satisfies Record<string, Rule>
