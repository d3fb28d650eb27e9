import { suggest } from '../../shared/suggest.ts'
import { usage } from '../errors.ts'
import { functions } from './template-functions.ts'

export type Arg =
  | { kind: 'literal'; value: unknown }
  | { kind: 'path'; path: string[]; root: boolean }
  | { kind: 'pipe'; pipe: Call[] }
/** A name with its arguments, or one argument by itself. */
export type Call = { name: string | null; args: Arg[] }
type Block = { pipe: Call[]; body: Node[]; otherwise: Node[] }
export type Node =
  | { kind: 'text'; text: string }
  | { kind: 'print'; pipe: Call[] }
  | ({ kind: 'if' | 'range' | 'with' } & Block)

type Piece = { action: string | null; text: string }

export function parseTemplate(source: string): Node[] {
  const pieces = piecesOf(source)
  const { nodes, ended } = parseNodes(pieces, false)
  if (ended !== null) throw bad(`{{${ended}}} closes nothing`)
  return nodes
}

const bad = (what: string) =>
  usage(`--template: ${what}.`, `Write it like '{{range .}}{{.id}} {{.title}}{{"\\n"}}{{end}}'.`)

/** Text and actions in turn; `{{-` and `-}}` take the white space beside them away. */
function piecesOf(source: string): Piece[] {
  const pieces: Piece[] = []
  let at = 0
  let trims = false
  const addText = (text: string) => pieces.push({ action: null, text: trims ? text.trimStart() : text })
  for (const match of source.matchAll(
    /\{\{(-\s)?((?:"(?:\\.|[^"\\])*"|`[^`]*`|(?!\}\})[\s\S])*?)(\s-)?\}\}/g,
  )) {
    const text = source.slice(at, match.index)
    addText(match[1] ? text.trimEnd() : text)
    pieces.push({ action: match[2]!.trim(), text: '' })
    trims = match[3] !== undefined
    at = match.index + match[0].length
  }
  const rest = source.slice(at)
  if (rest.includes('{{')) throw bad('{{ is not closed')
  addText(rest)
  return pieces
}

/** Up to the `end` or `else` that closes it, which is told. */
function parseNodes(pieces: Piece[], inside: boolean): { nodes: Node[]; ended: string | null } {
  const nodes: Node[] = []
  for (;;) {
    const piece = pieces.shift()
    if (piece === undefined) {
      if (inside) throw bad('{{end}} is missing')
      return { nodes, ended: null }
    }
    const { action, text } = piece
    if (action === null) {
      if (text !== '') nodes.push({ kind: 'text', text })
      continue
    }
    if (action === 'end' || /^else\b/.test(action)) return { nodes, ended: action }
    if (/^\/\*[\s\S]*\*\/$/.test(action)) continue
    const [, kind, rest] = /^(if|range|with)\b\s*([\s\S]*)$/.exec(action) ?? []
    if (kind === undefined) nodes.push({ kind: 'print', pipe: parsePipe(action) })
    else nodes.push({ kind: kind as 'if', ...parseBlock(pieces, parsePipe(rest!)) })
  }
}

function parseBlock(pieces: Piece[], pipe: Call[]): Block {
  const { nodes: body, ended } = parseNodes(pieces, true)
  const [, condition] = /^else\s+if\s+([\s\S]+)$/.exec(ended!) ?? []
  if (condition !== undefined) {
    return { pipe, body, otherwise: [{ kind: 'if', ...parseBlock(pieces, parsePipe(condition)) }] }
  }
  if (ended === 'end') return { pipe, body, otherwise: [] }
  const { nodes: otherwise, ended: last } = parseNodes(pieces, true)
  if (last !== 'end') throw bad(`{{${last}}} stands behind an else`)
  return { pipe, body, otherwise }
}

const token = /\s*("(?:\\.|[^"\\])*"|`[^`]*`|[()|]|\$?(?:\.\w+)+|\$|\.|-?\d+(?:\.\d+)?|\w+)/y

function tokensOf(text: string): string[] {
  const tokens: string[] = []
  token.lastIndex = 0
  while (token.lastIndex < text.length && text.slice(token.lastIndex).trim() !== '') {
    const at = token.lastIndex
    const match = token.exec(text)
    if (match === null) throw bad(`${JSON.stringify(text.slice(at).trim())} is not understood`)
    tokens.push(match[1]!)
  }
  return tokens
}

function parsePipe(text: string): Call[] {
  const tokens = tokensOf(text)
  const pipe = readPipe(tokens)
  if (tokens.length > 0) throw bad('a parenthesis closes nothing')
  return pipe
}

/** Takes tokens from the front, up to the end or a closing parenthesis. */
function readPipe(tokens: string[]): Call[] {
  const pipe = [readCall(tokens)]
  while (tokens[0] === '|') {
    tokens.shift()
    pipe.push(readCall(tokens))
  }
  return pipe
}

function readCall(tokens: string[]): Call {
  const [first] = tokens
  const name = first !== undefined && /^[a-z]\w*$/.test(first) && !(first in constants) ? first : null
  if (name !== null) {
    if (!Object.hasOwn(functions, name)) {
      const near = suggest(name, Object.keys(functions))
      throw bad(`there is no function ${name}${near ? `; did you mean ${near}?` : ''}`)
    }
    tokens.shift()
  }
  const args: Arg[] = []
  while (tokens.length > 0 && tokens[0] !== '|' && tokens[0] !== ')') args.push(readArg(tokens))
  if (name === null && args.length !== 1)
    throw bad(args.length === 0 ? '{{}} is empty' : 'two values side by side')
  return { name, args }
}

const constants: Record<string, unknown> = { true: true, false: false, nil: null }

function readArg(tokens: string[]): Arg {
  const word = tokens.shift()!
  if (word === '(') {
    const pipe = readPipe(tokens)
    if (tokens.shift() !== ')') throw bad('a parenthesis is not closed')
    return { kind: 'pipe', pipe }
  }
  if (word.startsWith('"')) return { kind: 'literal', value: JSON.parse(word) as string }
  if (word.startsWith('`')) return { kind: 'literal', value: word.slice(1, -1) }
  if (/^-?\d/.test(word)) return { kind: 'literal', value: Number(word) }
  if (Object.hasOwn(constants, word)) return { kind: 'literal', value: constants[word] }
  if (!/^[$.]/.test(word)) throw bad(`${word} is not understood; fields begin with a dot`)
  return {
    kind: 'path',
    root: word.startsWith('$'),
    path: word.split('.').filter((part) => !/^\$?$/.test(part)),
  }
}
