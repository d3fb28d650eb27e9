import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { clusterConfig } from '../../shared/config.ts'
import { parseImage } from './image.ts'
import { up } from './up.ts'

const folder = mkdtempSync(join(tmpdir(), 'todo-tools-'))
after(() => rmSync(folder, { recursive: true }))

/** A PATH with nothing on it but programs that say one line. */
function toolsThatSay(lines: Record<string, string>): Record<string, string> {
  const place = mkdtempSync(join(folder, 'path-'))
  for (const [name, line] of Object.entries(lines)) {
    writeFileSync(join(place, name), `#!/bin/sh\necho '${line}'\n`, { mode: 0o755 })
  }
  return { PATH: place }
}

async function upWith(env: Record<string, string>): Promise<{ code: number; said: string }> {
  const lines: string[] = []
  const code = await up(clusterConfig(env), (line) => void lines.push(line))
  return { code, said: lines.join('\n') }
}

test('every program that is missing is named with where it is to be had, before anything is done', async () => {
  const { code, said } = await upWith(toolsThatSay({}))
  assert.equal(code, 1)
  for (const name of ['kubectl 1.30', 'helm 3.14', 'minikube 1.34', 'docker 24.0']) {
    assert.match(said, new RegExp(`^${name} or later is missing: https://`, 'm'))
  }
})

test('a program that is too old is named with the version that is needed', async () => {
  const { code, said } = await upWith({
    ...toolsThatSay({ kubectl: 'Client Version: v1.34.1', helm: 'v3.9.4+gdbc6d8e' }),
    CONTEXT: 'a',
    IMAGE: 'todo:dev',
  })
  assert.equal(code, 1)
  assert.match(said, /^helm 3\.14 or later is needed, this is 3\.9: /)
  assert.doesNotMatch(said, /kubectl|minikube|docker/)
})

test('a port that another program has is named before anything is done', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  const { code, said } = await upWith({
    ...toolsThatSay({ kubectl: 'Client Version: v1.34.1', helm: 'v3.19.4+gdbc6d8e' }),
    CONTEXT: 'a',
    IMAGE: 'todo:dev',
    API_PORT: String(port),
  })
  other.close()
  assert.deepEqual(
    [code, said],
    [1, `Another program listens on 127.0.0.1:${port}, the way to the API: end it, or choose API_PORT=…`],
  )
})

test('an image is named with a tag that stays', () => {
  assert.deepEqual(parseImage('todo:dev'), { repository: 'todo', tag: 'dev' })
  assert.deepEqual(parseImage('registry:5000/a/todo:1.2'), { repository: 'registry:5000/a/todo', tag: '1.2' })
  assert.throws(() => parseImage('registry:5000/todo'), /has no tag/)
  assert.throws(() => parseImage('todo'), /has no tag/)
  assert.throws(() => parseImage('todo:latest'), /cannot be rolled back/)
})
