import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parse } from 'yaml'
import { commands } from '../cli/commands.ts'
import { root } from '../deploy/local/settings.ts'
import { createDatabase } from './support/postgres.ts'

// A page for those who have just been woken: what it says to type must work.

const page = readFileSync(join(root, 'docs/runbook.md'), 'utf8')
/** Without the fenced blocks, whose backticks would be taken for the others. */
const prose = page.replaceAll(/^ *```[\s\S]*?^ *```/gm, '')
const inline = [...prose.matchAll(/`([^`]+)`/g)].map(([, text]) => text!)
const blocks = [...page.matchAll(/^ *```sql\n([\s\S]*?)^ *```/gm)].map(([, text]) => text!)
const statements = [...inline.filter((text) => /^(select|update|insert|delete)\b.*;$/s.test(text)), ...blocks]

test('every statement of SQL is one that the schema of today takes', async () => {
  const { db } = await createDatabase()
  assert.ok(statements.length > 12, String(statements.length))
  for (const statement of statements) {
    const filled = statement
      .replaceAll(/\bP?ID\b/g, '1')
      .replaceAll('MOMENT OF THE LOSS', '2026-11-21 09:00Z')
      .trim()
    await assert.doesNotReject(
      // Nothing is done, but every name is looked up.
      db.unsafe(`explain ${filled}`).then(() => {}),
      `${statement}`,
    )
  }
})

test('every command of todo and todo-ops that it names is there', () => {
  const todo = new Set(inline.flatMap((text) => /^todo ([a-z]+)/.exec(text)?.[1] ?? []))
  assert.ok(todo.size > 2)
  for (const name of todo) assert.ok(Object.hasOwn(commands, name), `todo ${name}`)
  const main = readFileSync(join(root, 'ops/main.ts'), 'utf8')
  const known = new Set([...main.matchAll(/program\.command\('(\w+)'\)/g)].map(([, name]) => name!))
  const lines = [...inline, ...page.matchAll(/^(?:ops|\s+beside_server) .*$/gm)].map(String)
  const used = new Set(lines.flatMap((line) => /^\s*(?:ops|beside_server) ([a-z]+)/.exec(line)?.[1] ?? []))
  assert.ok(used.size > 3, [...used].join(' '))
  for (const name of used) assert.ok(known.has(name), `todo-ops ${name}`)
})

test('every alert stands at the case that it leads to, and no case names one that is not there', () => {
  type Rule = { alert?: string; annotations?: { runbook_url: string } }
  const file = readFileSync(join(root, 'deploy/chart/observability/alerts.yaml'), 'utf8')
  const rules = (parse(file) as { groups: { rules: Rule[] }[] }).groups.flatMap((group) => group.rules)
  const alerts = rules.filter(({ alert }) => alert !== undefined)
  const cases = new Map(
    page
      .split(/^## /m)
      .slice(1)
      .map((text) => {
        const [title = '', ...rest] = text.split('\n')
        return [title.toLowerCase().replaceAll(' ', '-'), rest.join('\n')]
      }),
  )
  for (const { alert, annotations } of alerts) {
    const text = cases.get(annotations!.runbook_url.split('#')[1]!)
    assert.ok(text?.includes(alert!), `${alert} is not named at ${annotations!.runbook_url}`)
  }
  const named = [...page.matchAll(/^\*([^*]+)\*/gm)].flatMap(
    ([, text]) => text!.match(/\b[A-Z][a-z]+[A-Z]\w+/g) ?? [],
  )
  for (const name of named)
    assert.ok(
      alerts.some(({ alert }) => alert === name),
      name,
    )
})
