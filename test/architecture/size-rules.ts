import * as ast from 'typescript/unstable/ast'
import { isTest } from './import-rules.ts'
import type { Rule } from './rules.ts'
import { lineOf, type Node, nodesOf } from './sources.ts'

export const longestFile = 300
export const longestFunction = 60
export const longestView = 80

const fileSize: Rule = ({ path: _path, lines }) =>
  lines > longestFile ? [{ line: lines, says: `${lines} lines, the most is ${longestFile}` }] : []

const functionSize: Rule = ({ path, tree }) => {
  if (isTest(path) || /^(test|bench)\//.test(path)) return []
  const most = path.endsWith('.tsx') ? longestView : longestFunction
  return [...nodesOf(tree)].filter(isFunction).flatMap((node) => {
    const line = lineOf(tree, node)
    const lines = tree.getLineAndCharacterOfPosition(node.end).line + 1 - line + 1
    return lines > most ? [{ line, says: `a function of ${lines} lines, the most is ${most}` }] : []
  })
}

const isFunction = (node: Node): boolean =>
  ast.isFunctionLikeDeclaration(node) && (node as { body?: Node }).body !== undefined

export const sizeRules = {
  [`a file has at most ${longestFile} lines`]: fileSize,
  [`a function has at most ${longestFunction} lines, a view ${longestView}`]: functionSize,
} satisfies Record<string, Rule>
