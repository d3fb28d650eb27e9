// Runs inside the cluster, where requests go through its Service as those of other pods do: sends a steady number of
// requests a second, without a second try, and keeps what was answered. Plain JavaScript, as it goes in as it is.
const http = require('node:http')

const api = process.env.API ?? 'http://server'
// Half of the requests open a connection of their own, half keep theirs: a rollout is hard on both, in different ways.
const agents = [new http.Agent({ keepAlive: false }), new http.Agent({ keepAlive: true, maxSockets: 8 })]

const longestMs = 8 * 60_000

const people = []
let run = null

function send(method, path, { token, body, agent = agents[0] } = {}) {
  const payload = body === undefined ? null : JSON.stringify(body)
  const headers = { ...(token && { authorization: `Bearer ${token}` }) }
  if (payload !== null)
    Object.assign(headers, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(payload),
    })
  return new Promise((resolve, reject) => {
    const request = http.request(
      `${api}${path}`,
      { method, headers, agent, timeout: 10_000 },
      async (response) => {
        let text = ''
        for await (const part of response.setEncoding('utf8')) text += part
        if (response.statusCode >= 400) reject(new Error(`${response.statusCode} ${text.slice(0, 200)}`))
        else resolve(text === '' ? null : JSON.parse(text))
      },
    )
    request.once('timeout', () => request.destroy(new Error('no answer in 10 s')))
    request.once('error', reject)
    request.end(payload)
  })
}

async function register(sink) {
  const email = `load-${crypto.randomUUID()}@example.org`
  const { user, access_token: token } = await send('POST', '/api/auth/register', {
    body: { email, password: crypto.randomUUID() },
  })
  await send('POST', `/api/${user.id}/channels`, { token, body: { kind: 'webhook', target: sink } })
  return { id: user.id, token, open: [], created: [], completed: [], reminded: [] }
}

/** One request: mostly new tasks, each fifth with a reminder that is due at once; completions; lists. */
async function step(n) {
  const person = people[n % people.length]
  const { id, token } = person
  const agent = agents[Math.floor(n / people.length) % 2]
  const kind = n % 4
  if (kind === 3) return send('GET', `/api/${id}/tasks?limit=20`, { token, agent })
  if (kind === 2 && person.open.length > 0) {
    const task = person.open.shift()
    await send('PATCH', `/api/${id}/tasks/${task}/complete`, { token, agent })
    person.completed.push(task)
    return
  }
  const isReminded = n % 5 === 0
  const soon = { due_at: new Date(Date.now() + 13 * 60_000).toISOString(), reminders: ['15m'] }
  const body = { title: `${run.name} ${n}`, ...(isReminded ? soon : {}) }
  const task = await send('POST', `/api/${id}/tasks`, { token, agent, body })
  person.created.push(body.title)
  if (isReminded) person.reminded.push(task.id)
  else person.open.push(task.id)
}

function start({ name, rate }) {
  run = { name, sent: 0, answered: 0, failures: [], slowestMs: 0, pending: new Set() }
  const mine = run
  const began = performance.now()
  mine.timer = setInterval(() => {
    // Whoever started it may have been killed.
    if (performance.now() - began > longestMs) clearInterval(mine.timer)
    // As many as are due by the clock, so that a late timer does not slow the load down.
    const due = Math.floor(((performance.now() - began) / 1000) * rate)
    while (mine.sent < due) {
      const n = mine.sent++
      const at = performance.now()
      const work = step(n)
        .then(() => {
          mine.answered += 1
          mine.slowestMs = Math.max(mine.slowestMs, performance.now() - at)
        })
        .catch((error) =>
          mine.failures.push(
            `${new Date().toISOString()} request ${n}: ${error.code ?? ''} ${error.message}`,
          ),
        )
        .finally(() => mine.pending.delete(work))
      mine.pending.add(work)
    }
  }, 10)
}

async function stop() {
  clearInterval(run.timer)
  await Promise.all(run.pending)
}

const summary = () => ({
  sent: run?.sent ?? 0,
  answered: run?.answered ?? 0,
  slowestMs: Math.round(run?.slowestMs ?? 0),
  failures: run?.failures ?? [],
})

const routes = {
  'POST /people': async ({ count, sink }) => {
    people.length = 0
    for (let n = 0; n < count; n += 1) people.push(await register(sink))
  },
  'POST /start': async (body) => start(body),
  'POST /stop': async () => {
    await stop()
    return summary()
  },
  'GET /summary': async () => summary(),
  'GET /people': async () => people.map(({ open, ...rest }) => rest),
}

http
  .createServer(async (request, response) => {
    let text = ''
    for await (const part of request) text += part
    const answer = (status, value) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value ?? null))
    const route = routes[`${request.method} ${request.url}`]
    if (route === undefined) return answer(404, { message: 'not here' })
    await route(text === '' ? {} : JSON.parse(text)).then(
      (value) => answer(200, value),
      (error) => answer(500, { message: error.message }),
    )
  })
  .listen(8080)
