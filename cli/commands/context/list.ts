import type { Verb } from '../../command.ts'
import { localName, readCredentials } from '../../credentials.ts'
import { escapeControls } from '../../text.ts'

export const list: Verb = {
  summary: 'List the contexts; a star marks the current one',
  usage: '',
  examples: [['todo context list', 'name, address, who']],
  run: async ({ paths, out }) => {
    const { current, contexts } = readCredentials(paths)
    const rows = [
      { name: localName, url: null, email: null, signed_in: true, current: current === localName },
      ...Object.entries(contexts).map(([name, { url, email, secrets }]) => ({
        name,
        url,
        email: email ?? null,
        signed_in: secrets !== undefined,
        current: current === name,
      })),
    ]
    if (out.mode === 'quiet') out.text(rows.map(({ name }) => `${escapeControls(name)}\n`).join(''))
    else out.value(rows, rows.map(lineOf).join(''))
    return undefined
  },
}

type Row = { name: string; url: string | null; email: string | null; signed_in: boolean; current: boolean }

const lineOf = ({ name, url, email, signed_in, current }: Row): string => {
  const who = url === null ? '' : signed_in ? (email ?? 'with a token') : 'not signed in'
  return `${current ? '*' : ' '}\t${[name, url ?? 'this machine', who].map((text) => escapeControls(text)).join('\t')}\n`
}
