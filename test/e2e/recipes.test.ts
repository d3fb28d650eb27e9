import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { type Cli, createCli } from '../support/cli.ts'
import { readRecipes } from '../support/recipes.ts'

const recipes = readRecipes(join(import.meta.dirname, '../../docs/recipes.md'))

/** Far ahead, so that no task of the page is ever late by the service's own clock. */
const env = { TODO_NOW: '2099-12-01T09:00:00Z' }

let cli: Cli
let folder: string

before(async () => {
  cli = await createCli()
  folder = join(cli.folder, '..', 'work')
  mkdirSync(folder)
})

test('there are twenty recipes, each with something to type', () => {
  assert.equal(recipes.length, 20)
  for (const { title, steps } of recipes) assert.ok(steps.length > 0, title)
})

for (const { title, steps } of recipes) {
  test(`recipe ${title}`, async () => {
    for (const { command, printed } of steps) {
      const { stdout } = await cli.shell(`cd ${folder} && { ${command}\n} 2>&1`, { env })
      assert.equal(stdout.replaceAll(folder, '/home/ann'), printed, command)
    }
  })
}
