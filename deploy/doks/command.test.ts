import assert from 'node:assert/strict'
import { test } from 'node:test'
import { doksConfig } from '../../shared/config.ts'
import { createRun } from './command.ts'

test('a program gets its secrets on stdin, and what it says when it fails is told without them', async () => {
  const run = createRun({ PATH: doksConfig().text('PATH') ?? '' })
  assert.equal(await run('cat', [], { input: 'a secret' }), 'a secret')
  await assert.rejects(
    run('sh', ['-c', 'cat > /dev/null; echo refused >&2; exit 3'], { input: 'a secret' }),
    ({ message }: Error) => /exit code 3\nrefused/.test(message) && !message.includes('secret'),
  )
  await assert.rejects(run('no-such-program', []), /no-such-program is not installed\./)
  await assert.rejects(run('sleep', ['60'], { limitMs: 50 }), /no end after/)
})
