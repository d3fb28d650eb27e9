import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { innocents, plants } from './architecture/plants.ts'
import { faultsOf, type RuleName, rules } from './architecture/rules.ts'
import { parse, readHouse, type Source } from './architecture/sources.ts'

let house: Source[]
let planted: Map<string, Source>

before(async () => {
  house = parse(await readHouse())
  const files = [...plants, ...innocents].map(({ path, text }) => [path, text] as const)
  assert.equal(new Set(files.map(([path]) => path)).size, files.length, 'two plants have the same path')
  planted = new Map(parse(Object.fromEntries(files)).map((source) => [source.path, source]))
})

test('the whole house is read', () => {
  const paths = house.map(({ path }) => path)
  for (const path of ['cli/main.ts', 'shared/config.ts', 'server/app.ts', 'test/architecture.test.ts']) {
    assert.ok(paths.includes(path), path)
  }
  assert.ok(house.length > 100)
})

test('every file keeps to the rules of the house', () => {
  assert.deepEqual(faultsOf(house), [])
})

for (const name of Object.keys(rules) as RuleName[]) {
  test(`a planted crossing is found: ${name}`, () => {
    const ours = plants.filter(({ rule }) => rule === name)
    assert.ok(ours.length > 0, 'nothing was planted for this rule')
    for (const { path, line } of ours) {
      const lines = rules[name](planted.get(path)!).map((fault) => fault.line)
      assert.ok(lines.includes(line), `nothing was found on line ${line} of ${path}`)
    }
  })
}

test('what only resembles a crossing is left alone', () => {
  for (const { path } of innocents) assert.deepEqual(faultsOf([planted.get(path)!]), [])
})
