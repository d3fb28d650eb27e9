import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parentPort } from 'node:worker_threads'

// Endpoints in a thread of their own: `/live/…` answers at once, `/hang/…` never. Tells its port, then the arrivals of
// each half second as [webhook-id, milliseconds since 1970].

let arrivals: [string, number][] = []

const server = createServer((request, response) => {
  request.resume()
  request.on('end', () => {
    if (request.url?.startsWith('/hang')) return
    arrivals.push([String(request.headers['webhook-id']), Date.now()])
    response.writeHead(204).end()
  })
})

server.listen(0, '127.0.0.1', () => {
  parentPort!.postMessage({ port: (server.address() as AddressInfo).port })
})

setInterval(() => {
  if (arrivals.length > 0) parentPort!.postMessage({ arrivals })
  arrivals = []
}, 500)
