import type { Context } from '../context.ts'
import { lookUp, type Tree } from '../settings.ts'
import { hasColor } from '../terminal.ts'
import { type ThemeName, themeNames } from './model.ts'
import { createTheme, type Theme } from './theme.ts'

type Said = { theme: string | undefined; links: boolean }

/** Colours and links as they were said, else by the settings, else by what the terminal says of itself. */
export function themeOf(context: Context, { theme, links }: Said, tree: Tree): Theme {
  const set = lookUp(tree, 'board.links')
  const hasLinks = set === 'on' || (set !== 'off' && context.config.hasLinks)
  return createTheme(nameOf(context, theme, tree), links && hasLinks)
}

/** The one that was said, else the setting `board.theme`, else what the terminal says of itself. */
function nameOf({ terminal, config, flags }: Context, said: string | undefined, tree: Tree): ThemeName {
  if (!hasColor(terminal.stdout, config, flags.color)) return 'none'
  const wanted = said ?? lookUp(tree, 'board.theme')
  const named = themeNames.find((name) => name === wanted)
  if (named !== undefined) return named
  if (config.colors < 256) return '16'
  return config.isLight ? 'light' : 'dark'
}
