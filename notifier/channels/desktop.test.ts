import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { outgoing, within } from '../../test/support/outgoing.ts'
import { createDesktop } from './desktop.ts'

test('a desktop gets title and text as arguments, never as part of a command', async () => {
  const calls: string[][] = []
  const run = async (file: string, args: string[]) => {
    calls.push([file, ...args])
    return true
  }
  const outcome = await createDesktop({ run }).send(
    outgoing({ title: '$(reboot)\x1b[2J', body: '<b>& -x' }),
    within(),
  )
  assert.equal(outcome.class, 'sent')
  assert.equal(calls.length, 1)
  assert.ok(calls[0]!.includes('$(reboot) [2J'))
  assert.ok(!calls[0]!.join('').includes('\x1b'))
})

test('without a desktop the terminals ring, and no text can drive them', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'todo-tty-'))
  const path = join(folder, 'tty')
  await writeFile(path, '')
  const desktop = createDesktop({
    run: async () => false,
    terminals: async () => [path, join(folder, 'gone')],
  })
  const outcome = await desktop.send(outgoing({ title: 'Pay\x07\x1b]0;evil\x07', body: '' }), within())
  assert.deepEqual(outcome, { class: 'sent', status: null, note: 'terminal' })
  assert.equal(await readFile(path, 'utf8'), '\x07\x1b]9;Pay ]0;evil\x07')
  await rm(folder, { recursive: true })
})

test('where there is neither, the delivery says so', async () => {
  const desktop = createDesktop({ run: async () => false, terminals: async () => [] })
  assert.deepEqual(await desktop.send(outgoing(), within()), { class: 'absent', reason: 'no_desktop' })
})
