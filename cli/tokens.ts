import type { ApiToken } from '../shared/api/token.ts'
import type { Context } from './context.ts'
import { usage } from './errors.ts'
import type { Shape } from './output.ts'
import { escapeControls } from './text.ts'

export const tokenShape: Shape<ApiToken> = {
  line: (token) =>
    [
      token.id,
      escapeControls(token.name),
      token.scopes.join(','),
      token.expires_at,
      token.last_used_at ?? '',
    ].join('\t'),
  columns: {
    id: (token) => token.id,
    name: (token) => token.name,
    scopes: (token) => token.scopes.join(' '),
    expires_at: (token) => token.expires_at,
    created_at: (token) => token.created_at,
    last_used_at: (token) => token.last_used_at,
  },
}

/** On this machine nobody signs in, so there is nothing to make a token for. */
export function requireServer({ target }: Context): void {
  if (target() !== null) return
  throw usage(
    'The service of this machine needs no tokens.',
    'They are for servers: `todo login URL`, or --context.',
  )
}
