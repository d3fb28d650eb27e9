import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hasHyperlinks } from './hyperlinks.ts'

const x = { TERM: 'xterm-256color' }

test('links are for the terminals that say that they know them', () => {
  for (const env of [
    { TERM: 'xterm-kitty' },
    { ...x, VTE_VERSION: '7600' },
    { ...x, WT_SESSION: '1' },
    { ...x, KONSOLE_VERSION: '230800' },
    { ...x, TERM_PROGRAM: 'iTerm.app' },
    { TERM: 'tmux-256color', TMUX: '/tmp/tmux', TERM_PROGRAM: 'tmux', TERM_PROGRAM_VERSION: '3.5a' },
    { ...x, FORCE_HYPERLINK: '1' },
  ]) {
    assert.equal(hasHyperlinks(env), true, JSON.stringify(env))
  }
})

test('others, old ones and what stands behind a multiplexer get plain text', () => {
  for (const env of [
    {},
    x,
    { TERM: 'linux' },
    { TERM: 'dumb', VTE_VERSION: '7600' },
    { ...x, VTE_VERSION: '4804' },
    { TERM: 'tmux-256color', TMUX: '/tmp/tmux', VTE_VERSION: '7600', TERM_PROGRAM_VERSION: '3.3a' },
    { TERM: 'screen', STY: '1.pts', VTE_VERSION: '7600' },
    { TERM: 'xterm-kitty', FORCE_HYPERLINK: '0' },
  ]) {
    assert.equal(hasHyperlinks(env), false, JSON.stringify(env))
  }
})
