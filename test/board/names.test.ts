import assert from 'node:assert/strict'
import { afterEach, before, test } from 'node:test'
import { closeBoards, openBoard } from '../support/board.ts'
import { type Cli, createCli } from '../support/cli.ts'

let cli: Cli

before(async () => {
  cli = await createCli()
  await cli.add('Pay rent', '-t', 'home', '--project', 'house')
  await cli.add('Write report', '-t', 'work')
})
afterEach(closeBoards)

test('columns by tag or project are there from the start, and again the next time', async () => {
  const board = openBoard(cli, ['board', '--by', 'tag'])
  await board.shows(/\+home 1.*\+work 1.*no tag 0/)
  board.type('q')
  assert.equal((await board.exit).exitCode, 0)
  const again = openBoard(cli)
  await again.shows(/\+home 1.*\+work 1.*no tag 0/)
  again.type('q')
  await again.exit
  const projects = openBoard(cli, ['board', '--by', 'project'])
  await projects.shows(/house 1.*no project 1/)
  projects.type('q')
  await projects.exit
})

test('a tag that is new here or elsewhere gets its column by itself', async () => {
  const board = openBoard(cli, ['board', '--by', 'tag'])
  await board.shows(/\+home 1.*\+work 1/)
  await board.press('aWater plants +garden\r', /\+garden 1.*\+home/)
  await cli.add('Call mum', '-t', 'family')
  await board.shows(/\+family 1.*\+garden 1/)
  board.type('q')
  await board.exit
})
