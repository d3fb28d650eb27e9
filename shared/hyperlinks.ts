type Environment = Readonly<Record<string, string | undefined>>

const terms = /kitty|alacritty|foot|ghostty|wezterm|contour/
const programs = new Set(['iTerm.app', 'WezTerm', 'vscode', 'ghostty', 'Hyper', 'rio', 'zed'])
/** Versions since which they know links: libvte 0.50, Konsole 20.12, tmux 3.4. */
const since = { VTE_VERSION: 5000, KONSOLE_VERSION: 201200, tmux: 3.4 }

/**
 * Whether the terminal shows links (OSC 8), by what it says of itself: an older one may print them as rubbish.
 * FORCE_HYPERLINK says it for a terminal that says nothing; `0` says no.
 */
export function hasHyperlinks(env: Environment): boolean {
  const { FORCE_HYPERLINK: forced, TERM = '', TERM_PROGRAM = '' } = env
  if (forced !== undefined && forced !== '') return forced !== '0'
  if (TERM === '' || TERM === 'dumb' || TERM === 'linux' || env.STY !== undefined) return false
  // What is around a multiplexer has left its variables, but what it shows goes through the multiplexer.
  if (env.TMUX !== undefined)
    return TERM_PROGRAM === 'tmux' && Number.parseFloat(env.TERM_PROGRAM_VERSION ?? '0') >= since.tmux
  return (
    terms.test(TERM) ||
    programs.has(TERM_PROGRAM) ||
    env.WT_SESSION !== undefined ||
    Number(env.VTE_VERSION ?? 0) >= since.VTE_VERSION ||
    Number(env.KONSOLE_VERSION ?? 0) >= since.KONSOLE_VERSION
  )
}
