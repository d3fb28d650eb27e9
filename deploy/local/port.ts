import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** Whether nothing of this machine listens on the port of loopback, or soon nothing does any more. */
export async function isFree(port: number, withinMs = 0): Promise<boolean> {
  const deadline = Date.now() + withinMs
  while (!(await canListen(port))) {
    if (Date.now() >= deadline) return false
    await sleep(100)
  }
  return true
}

const canListen = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
