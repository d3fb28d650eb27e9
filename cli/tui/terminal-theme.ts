import type { Context } from '../context.ts'
import { lookUp, type Tree } from '../settings.ts'
import { hasColor } from '../terminal.ts'
import { type ThemeName, themeNames } from './theme.ts'

/** The one that was said, else the setting `board.theme`, else what the terminal says of itself. */
export function themeFor(
  { terminal, config, flags }: Context,
  said: string | undefined,
  tree: Tree,
): ThemeName {
  if (!hasColor(terminal.stdout, config, flags.color)) return 'none'
  const wanted = said ?? lookUp(tree, 'board.theme')
  const named = themeNames.find((name) => name === wanted)
  if (named !== undefined) return named
  if (config.colors < 256) return '16'
  return config.isLight ? 'light' : 'dark'
}
