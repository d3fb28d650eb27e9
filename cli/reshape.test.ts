import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileTemplate } from './reshape/template.ts'
import { reshape } from './reshape.ts'

async function shaped(flags: { jq?: string; template?: string; ndjson?: boolean }, ...written: string[]) {
  let printed = ''
  const stdout = { write: (text: string) => void (printed += text) }
  const terminal = { stdin: process.stdin, stdout, stderr: stdout, isInteractive: false }
  const all = { jq: undefined, template: undefined, ndjson: false, ...flags }
  const { terminal: inner, finish } = await reshape(terminal, all)
  for (const text of written) inner.stdout.write(text)
  finish()
  return printed
}

const tasks =
  '[\n{"id":1,"title":"Pay \\"rent\\"","tags":[{"name":"home"},{"name":"money"}]},\n{"id":2,"title":"Zoë","tags":[]}\n]\n'

test('jq prints strings bare and the rest as one line each', async () => {
  assert.equal(await shaped({ jq: '.[].title' }, tasks), 'Pay "rent"\nZoë\n')
  assert.equal(await shaped({ jq: 'map(.id)' }, tasks), '[1,2]\n')
  assert.equal(await shaped({ jq: '.[] | select(.tags | any(.name == "home")) | "\\(.id)"' }, tasks), '1\n')
  assert.equal(await shaped({ jq: 'empty' }, tasks), '')
})

test('with --ndjson each line is shaped as it comes, wherever the pieces end', async () => {
  assert.equal(await shaped({ jq: '.id', ndjson: true }, '{"id":', '1}\n{"id":2', '}\n'), '1\n2\n')
})

test('a faulty jq expression or template is refused before anything happens', async () => {
  await assert.rejects(shaped({ jq: '.[' }), { code: 'invalid', message: /^--jq ".\[": syntax error/ })
  await assert.rejects(shaped({ jq: 'nope(1)' }), /nope\/1 is not defined/)
  for (const template of [
    '{{',
    '{{.id',
    '{{end}}',
    '{{if .a}}',
    '{{frob .}}',
    '{{.a .b}}',
    '{{if .a}}{{else}}{{else}}{{end}}',
  ]) {
    await assert.rejects(shaped({ template }), { code: 'invalid' }, template)
  }
})

const cases: [template: string, printed: string][] = [
  ['{{.id}} {{.title}}', '1 Pay "rent"\n2 Zoë\n'],
  ['{{range .}}{{.id}}{{"\\n"}}{{end}}', '1\n2\n'],
  ['{{range .}}{{.id}},{{end}}', '1,2,'],
  ['{{.id}}{{range .tags}} +{{.name}}{{else}} untagged{{end}}', '1 +home +money\n2 untagged\n'],
  ['{{.tags | pluck "name" | join ", "}}', 'home, money\n\n'],
  ['{{if eq .id 1}}one{{else if gt .id 1}}more{{end}}', 'one\nmore\n'],
  ['{{len .tags}} {{- /* nothing */ -}} {{.title | truncate 4 | upper}}', '2PAY…\n0ZOË\n'],
  ['{{printf "%-4s|%3d|%q" .title .id .title}}', 'Pay "rent"|  1|"Pay \\"rent\\""\nZoë |  2|"Zoë"\n'],
  ['{{with index .tags 0}}{{.name}} of {{$.id}}{{end}}', 'home of 1\n\n'],
  ['{{.nope}}{{.nope.deeper}}{{json .nope}}', 'null\nnull\n'],
  ['{{and .id (not .nope)}} {{`}}`}}', 'true }}\ntrue }}\n'],
]

for (const [template, printed] of cases) {
  test(`the template ${template}`, () => {
    assert.equal(compileTemplate(template)(tasks), printed)
  })
}

test('an object is filled in once', () => {
  assert.equal(compileTemplate('{{.id}}: {{.title}}')('{"id":3,"title":"x"}'), '3: x')
})
