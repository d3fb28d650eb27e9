import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { closeBoards, openBoard } from '../test/support/board.ts'
import { createCli } from '../test/support/cli.ts'

// Puts screens of the real program into README.md, between its markers: `node scripts/board-screens.ts` after a build.

const readme = join(import.meta.dirname, '../README.md')
const size = { cols: 100, rows: 17 }

const tasks: string[][] = [
  ['Pay rent', '-p', 'critical', '-t', 'home', '--due', 'friday'],
  ['Write the release notes', '-t', 'docs', '--project', 'work.api'],
  ['Call the dentist', '-t', 'phone', '--due', 'tomorrow 10:00'],
  ['Book the train to Kyoto 京都', '-p', 'high', '--project', 'travel'],
  ['Water the plants', '--every', '3 days'],
  ['Review the pull request', '-p', 'high', '-t', 'review', '--project', 'work.api'],
  ['Read “The Design of Everyday Things”', '-p', 'low'],
]

const cli = await createCli()
try {
  for (const words of tasks) await cli.add(...words)
  await cli.todo('start', '2', '6')
  await cli.todo('done', '7')
  const board = openBoard(cli, ['board'], { ...size, env: { TODO_NOW: '2026-11-21T12:00:00Z' } })
  await board.shows(/done 1[\s\S]*Pay rent/)
  await board.press('ggj', /▌ +Call/)
  const first = board.rows()
  await board.press('\r', /history[\s\S]*added/)
  const detail = board.rows()
  board.type('\x03')
  await board.exit
  const blocks = [first, detail].map((rows) => `\`\`\`text\n${rows.join('\n').trimEnd()}\n\`\`\``)
  const text = await readFile(readme, 'utf8')
  const marked = /(<!-- board -->\n)[\s\S]*?(\n<!-- \/board -->)/
  if (!marked.test(text)) throw new Error('README.md has no <!-- board --> … <!-- /board -->')
  await writeFile(
    readme,
    text.replace(marked, (_, start, end) => `${start}${blocks.join('\n\n')}${end}`),
  )
} finally {
  closeBoards()
  await cli.remove()
}
