import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { program } from '../support/cli.ts'

const sourcesOf = (name: string): string[] =>
  JSON.parse(readFileSync(program.replace('main.js', `${name}.js.map`), 'utf8')).sources

const hasPackage = (name: string, pattern: RegExp) => sourcesOf(name).some((path) => pattern.test(path))

test('only the bundle of the board has React, Ink and its layout engine', () => {
  const drawing = /node_modules\/(react|react-reconciler|ink|yoga-layout)\//
  assert.ok(hasPackage('tui', drawing))
  for (const name of ['client', 'local', 'remote']) assert.ok(!hasPackage(name, drawing), name)
})

test('the board carries neither the development build of React nor its tools, nor the engine of recurrence', () => {
  const paths = sourcesOf('tui').join('\n')
  assert.doesNotMatch(paths, /\.development\.js|react-devtools|ink\/build\/devtools\.js/)
  assert.doesNotMatch(paths, /cron-parser|shared\/recurrence\.ts/)
})

test('the layout engine is made at once: nothing of it is fetched', () => {
  const text = readFileSync(program.replace('main.js', 'tui.js'), 'utf8')
  assert.doesNotMatch(text, /data:application\/octet-stream;base64,AGFz/)
})
