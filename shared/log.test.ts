import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { createLog, gathered } from './log.ts'

const createGathered = () => {
  const written: string[] = []
  const out = gathered({ write: (text) => written.push(text) })
  return { log: createLog('test', { destination: out }), written }
}

const linesOf = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).msg as string)

test('the first line is written at once, and those right after it in one piece', async () => {
  const { log, written } = createGathered()
  for (const text of ['one', 'two', 'three']) log.info(text)
  assert.deepEqual(written.map(linesOf), [['one']])
  while (written.length < 2) await new Promise(setImmediate)
  assert.deepEqual(written.map(linesOf), [['one'], ['two', 'three']])
})

test('each line says when it was written, to the millisecond', (t) => {
  const begin = Date.parse('2026-12-31T23:59:59.000Z')
  t.mock.timers.enable({ apis: ['Date'], now: begin })
  const lines: string[] = []
  const log = createLog('test', { destination: { write: (line) => lines.push(line) } })
  const passed = [0, 7, 42, 999, 1000, 1001, 61_000, 500]
  for (const ms of passed) {
    t.mock.timers.setTime(begin + ms)
    log.info('now')
  }
  assert.deepEqual(
    lines.map((line) => JSON.parse(line).time),
    passed.map((ms) => new Date(begin + ms).toISOString()),
  )
})

test('a warning is written at once, with what came before it', () => {
  const { log, written } = createGathered()
  for (const text of ['one', 'two']) log.info(text)
  log.warn('three')
  assert.deepEqual(written.map(linesOf), [['one'], ['two', 'three']])
})

test('a process that ends by itself or by an error leaves no line unwritten', () => {
  const end = (words: string) => {
    const program = `import { createLog } from './shared/log.ts'
      const log = createLog('test'); log.info('one'); log.info('two'); ${words}`
    return spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' }).stdout
  }
  for (const words of ['', 'process.exit(3)', 'throw new Error("on purpose")']) {
    assert.deepEqual(linesOf(end(words)), ['one', 'two'], words)
  }
})
