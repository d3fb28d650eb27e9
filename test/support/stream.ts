import type { TestApi } from './api.ts'

/** One message of a Server-Sent Events stream. */
export type Message = { id: number; event: string; data: { id: number; version: number; task_id: number } }

export type Stream = {
  status: number
  headers: Headers
  text: string
  /** Resolves once so many messages have come in all; rejects when the stream ends before. */
  messages: (count: number) => Promise<Message[]>
  comments: () => number
  /** Resolves when the server has ended it. */
  ended: Promise<void>
  close: () => Promise<void>
}

/** Opens `GET …/events` as a stream and collects what comes. */
export async function openEvents(
  { app, ann }: Pick<TestApi, 'app' | 'ann'>,
  { as = ann, query = '', headers = {} as Record<string, string> } = {},
): Promise<Stream> {
  const response = await app.request(`/api/${as.id}/events${query}`, {
    headers: { ...as.headers, accept: 'text/event-stream', ...headers },
  })
  const { status } = response
  const base = { status, headers: response.headers, text: '' }
  const none = {
    messages: async () => [],
    comments: () => 0,
    ended: Promise.resolve(),
    close: async () => {},
  }
  if (status !== 200) return { ...base, ...none, text: await response.text() }
  const received: Message[] = []
  let comments = 0
  let waiting: (() => void)[] = []
  let over = false
  const reader = response.body!.getReader()
  const read = async () => {
    const decoder = new TextDecoder()
    let rest = ''
    for (;;) {
      const { value, done } = await reader.read()
      if (done) break
      const blocks = (rest + decoder.decode(value, { stream: true })).split('\n\n')
      rest = blocks.pop()!
      for (const block of blocks) {
        if (block.startsWith(':')) comments += 1
        else if (block.startsWith('id: ')) received.push(parse(block))
      }
      for (const wake of waiting.splice(0)) wake()
    }
  }
  const ended = read().finally(() => {
    over = true
    for (const wake of waiting) wake()
    waiting = []
  })
  return {
    ...base,
    messages: async (count) => {
      while (received.length < count) {
        if (over) throw new Error(`the stream ended after ${received.length} messages`)
        await new Promise<void>((resolve) => waiting.push(resolve))
      }
      return [...received]
    },
    comments: () => comments,
    ended,
    close: async () => {
      await reader.cancel()
    },
  }
}

function parse(block: string): Message {
  const field = (name: string) =>
    block
      .split('\n')
      .find((line) => line.startsWith(`${name}: `))!
      .slice(name.length + 2)
  return { id: Number(field('id')), event: field('event'), data: JSON.parse(field('data')) }
}
