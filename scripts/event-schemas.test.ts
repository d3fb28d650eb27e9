import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { consumers, deadLetterTopic } from '../shared/dapr/names.ts'
import { eventPayloads, topics } from '../shared/events.ts'
import { eventSchemas, incompatibilities, type JsonSchema } from './event-schemas.ts'

const docs = join(import.meta.dirname, '../docs')
const mend = 'run: node scripts/events-doc.ts'
const read = (name: string): JsonSchema => JSON.parse(readFileSync(join(docs, 'events', name), 'utf8'))

test('no event lost or changed anything that a reader of the published schemas relies on', () => {
  const published = readdirSync(join(docs, 'events')).filter((name) => name.endsWith('.schema.json'))
  const current = eventSchemas()
  for (const name of published) {
    const schema = current.get(name)
    assert.ok(schema, `${name} is published, but there is no such event any more`)
    assert.deepEqual(incompatibilities(read(name), schema), [], name)
  }
})

test('the published schemas are those of the code', () => {
  for (const [name, schema] of eventSchemas()) {
    assert.deepEqual(read(name), JSON.parse(JSON.stringify(schema)), `${name} is not up to date; ${mend}`)
  }
})

test('the page on events names every event, topic and dead-letter topic', () => {
  const page = readFileSync(join(docs, 'events.md'), 'utf8')
  const dead = consumers.map(({ app, topic }) => deadLetterTopic(topic, app))
  for (const name of [...Object.keys(eventPayloads), ...Object.values(topics), ...dead]) {
    assert.ok(page.includes(`\`${name}\``), `docs/events.md does not mention ${name}`)
  }
})

/** The schema of task.created with one change to the task in it. */
function changed(change: (task: Record<string, JsonSchema>, schema: JsonSchema) => void): string[] {
  const last = eventSchemas().get('task.created.schema.json')!
  const next = structuredClone(last)
  const task = (next.$defs as Record<string, JsonSchema>).Task!
  change(task.properties as Record<string, JsonSchema>, task)
  return incompatibilities(last, next)
}

test('a removed field is refused', () => {
  assert.deepEqual(
    changed((task) => delete task.project),
    ['data.data.project: removed', 'data.previous.project: removed'],
  )
})

test('a changed type is refused', () => {
  const found = changed((task) => {
    task.version = { type: 'string' }
  })
  assert.equal(found[0], 'data.data.version: type integer became string')
})

test('a field that may now be null is refused, and so is one that no longer may', () => {
  assert.equal(changed((task) => Object.assign(task.title!, { type: ['string', 'null'] })).length, 2)
  assert.equal(changed((task) => Object.assign(task.project!, { type: 'string' })).length, 2)
})

test('a value that is gone is refused, a new one is not', () => {
  const withValues = (values: string[]) => changed((task) => Object.assign(task.status!, { enum: values }))
  assert.deepEqual(withValues(['todo', 'done'])[0], 'data.data.status: the values doing are gone')
  assert.deepEqual(withValues(['todo', 'doing', 'done', 'later']), [])
})

test('a new field is welcome unless it is required, since older events lack it', () => {
  const add = (task: Record<string, JsonSchema>) => {
    task.mood = { type: 'string' }
  }
  assert.deepEqual(changed(add), [])
  const found = changed((task, schema) => {
    add(task)
    ;(schema.required as string[]).push('mood')
  })
  assert.match(found[0]!, /newly required/)
})

test('a field that is no longer always there is refused', () => {
  const found = changed((_, schema) => {
    schema.required = (schema.required as string[]).filter((name) => name !== 'title')
  })
  assert.match(found[0]!, /no longer always there/)
})
