// Runs inside the cluster: keeps what is posted to it and tells it again. Plain JavaScript, as it goes in as it is.
const { createServer } = require('node:http')

const seen = []

createServer(async (request, response) => {
  let text = ''
  for await (const part of request) text += part
  if (request.method === 'POST') {
    seen.push({ id: request.headers['webhook-id'], body: JSON.parse(text) })
    response.writeHead(204).end()
    return
  }
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(seen))
}).listen(8080)
