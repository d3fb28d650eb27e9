import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { insertTask, listTasks } from '../../server/tasks/repository.ts'
import { connect, type Sql } from '../../shared/db/connect.ts'
import type { StatementText } from '../../shared/db/statement.ts'

// The ceiling: the very statements of the API, as constant text, behind a bare node:http server: no router, sign-in,
// validation, limits, log, metrics or extra headers. `node raw-server.ts DATABASE_URL` prints its port. Whose request
// it is stands in the header x-user.

const db = connect(process.argv[2]!, { max: 6, name: 'todo-bench-raw' })

// Marks in the places where each request has values of its own.
const user = 'the user'
const emit = { type: 'task.created', source: 'server', changeId: 'the change', traceparent: null } as const
const columns = { title: 'the title', priority_id: -1, due_date: 'the day' }
const insert = await sentBy((sql) => insertTask(sql, user, columns, { ids: [] }, emit))
const list = await sentBy((sql) => listTasks(sql, user, { limit: 50 }))

/** The one statement that `work` sends, as text and values. */
async function sentBy(work: (sql: Sql) => Promise<unknown>): Promise<StatementText> {
  let sent: StatementText | undefined
  const unsafe = async (text: string, values: unknown[]) => {
    sent = { text, values }
    return [{ found: 0 }]
  }
  await work({ unsafe } as unknown as Sql)
  return sent!
}

type Body = { title: string; priority_id: number; due_date: string }

async function create(userId: string, body: Body): Promise<string> {
  const own: Record<string, unknown> = {
    [user]: userId,
    [emit.changeId]: crypto.randomUUID(),
    [columns.title]: body.title,
    [columns.priority_id]: body.priority_id,
    [columns.due_date]: body.due_date,
  }
  const [row] = await db.unsafe<{ data: string }[]>(insert.text, valuesOf(insert.values, own), {
    prepare: true,
  })
  return row!.data
}

async function listOf(userId: string): Promise<string> {
  const [row] = await db.unsafe<{ items: string; last_key: string; last_id: number }[]>(
    list.text,
    valuesOf(list.values, { [user]: userId }),
    { prepare: true },
  )
  return `{"items":[${row!.items}],"next_cursor":${JSON.stringify(`${row!.last_key} ${row!.last_id}`)}}`
}

const valuesOf = (values: unknown[], own: Record<string, unknown>) =>
  values.map((value) => own[value as string] ?? value) as never[]

async function answer(request: IncomingMessage): Promise<{ status: number; text: string }> {
  const userId = request.headers['x-user'] as string
  if (request.method === 'GET') return { status: 200, text: await listOf(userId) }
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return { status: 201, text: await create(userId, JSON.parse(Buffer.concat(chunks).toString()) as Body) }
}

const server = createServer((request, response) => {
  void answer(request).then(({ status, text }) => {
    response.writeHead(status, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
    })
    response.end(text)
  })
})

server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`)
})
