import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { keyText } from '../cli/tui/key-text.ts'
import { bindings } from '../cli/tui/keys.ts'

// Puts the table of keys into docs/board.md, from the same table that the board works by.

const file = join(import.meta.dirname, '../docs/board.md')

/** The keys in the order and words of the help. */
export const keyTable = (): string =>
  [
    '| keys | what | name for `board.keys` |',
    '| --- | --- | --- |',
    ...bindings.map(({ keys, does, name }) => {
      const shown = keys.map((key) => `\`${keyText(key)}\``).join(' ')
      return `| ${shown.replaceAll('|', '\\|')} | ${does} | \`${name}\` |`
    }),
  ].join('\n')

export const withKeys = (text: string): string =>
  text.replace(
    /(<!-- keys -->\n)[\s\S]*?(\n<!-- \/keys -->)/,
    (_, start, end) => `${start}${keyTable()}${end}`,
  )

if (import.meta.main) await writeFile(file, withKeys(await readFile(file, 'utf8')))
