import type { Context } from './context.ts'

export type Progress = { bytes: (count: number) => void; count: () => void; end: () => void }

const everyMs = 100
const width = 24

/** A bar on stderr while a terminal is there to look at it; nothing anywhere else. `total` is in bytes. */
export function createProgress({ terminal, out }: Context, doing: string, total: number | null): Progress {
  const isShown = terminal.stderr.isTTY === true && out.mode === 'text'
  let [done, items, shownAt] = [0, 0, 0]
  const draw = () => {
    const share = total ? Math.min(1, done / total) : 0
    const bar = total
      ? `[${'#'.repeat(Math.round(share * width)).padEnd(width, '.')}] ${Math.round(share * 100)} %  `
      : ''
    terminal.stderr.write(`\r\x1b[K${doing} ${bar}${items.toLocaleString('en-US')} tasks`)
  }
  return {
    bytes: (count) => {
      done += count
    },
    count: () => {
      items += 1
      if (!isShown || items % 100 !== 0 || performance.now() - shownAt < everyMs) return
      shownAt = performance.now()
      draw()
    },
    end: () => {
      if (shownAt > 0) terminal.stderr.write('\r\x1b[K')
    },
  }
}
