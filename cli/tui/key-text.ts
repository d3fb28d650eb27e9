const shown: Record<string, string> = {
  enter: '⏎',
  escape: 'Esc',
  space: 'Space',
  tab: 'Tab',
  up: '↑',
  down: '↓',
  left: '←',
  right: '→',
  pageup: 'PgUp',
  pagedown: 'PgDn',
  home: 'Home',
  end: 'End',
  insert: 'Ins',
  delete: 'Del',
  f1: 'F1',
}

/** A key as people write it: `Ctrl-D`, `gg`, `⏎`. */
export function keyText(key: string): string {
  return key
    .split(' ')
    .map((one) => {
      const [, modifier = '', name = ''] = /^((?:ctrl-|alt-|shift-)*)(.+)$/.exec(one) ?? []
      const upper = modifier === '' ? name : name.length === 1 ? name.toUpperCase() : name
      return modifier.replace(/\b[a-z]/g, (letter) => letter.toUpperCase()) + (shown[name] ?? upper)
    })
    .join('')
}
