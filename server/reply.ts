/** `json` is text made by Postgres, passed through as it is; `version` becomes the ETag, unless `etag` says more. */
export type Reply = {
  status: 200 | 201 | 202 | 204
  json?: string
  version?: number
  etag?: string
  location?: string
  headers?: Record<string, string>
}

export const etagOf = ({ version, etag }: Reply): string | undefined =>
  etag ?? (version === undefined ? undefined : `"${version}"`)

/** A page whose items are JSON text already, with the link to the next one. */
export function pageReply(url: string, items: string, nextCursor: string | null): Reply {
  const json = `{"items":${items},"next_cursor":${JSON.stringify(nextCursor)}}`
  if (nextCursor === null) return { status: 200, json }
  const next = new URL(url)
  next.searchParams.set('cursor', nextCursor)
  return { status: 200, json, headers: { link: `<${next.pathname}${next.search}>; rel="next"` } }
}
