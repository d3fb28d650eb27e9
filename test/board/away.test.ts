import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, test } from 'node:test'
import { closeBoards, openBoard } from '../support/board.ts'
import { createCli } from '../support/cli.ts'

afterEach(closeBoards)

test('why the service is away stands below, as a whole by !, and leaving does not wait for it', async () => {
  const cli = await createCli()
  await cli.add('Pay rent')
  await cli.todo('daemon', 'stop')
  const file = join(cli.folder, 'data/postgres/PG_VERSION')
  writeFileSync(file, '9\n')
  const board = openBoard(cli)
  await board.shows(/⚠ offline[\s\S]*⚠ The data in .* was written by Postgres 9/)
  await board.press('!', /› problem[\s\S]*todo export/)
  await board.press('q', /⚠ The data in/)
  await board.press('aCall mum\r', /…1 pending/)
  await board.press('q', /1 change is not saved\. Leave without it\? \[y\/n\]/)
  board.type('y')
  assert.equal((await board.exit).exitCode, 0)
})
