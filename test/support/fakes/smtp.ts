import { type AddressInfo, createServer, type Socket } from 'node:net'

/** What the server says at a stage: a reply line, or `hang`, or `reset`. Absent = what it says when all is well. */
export type SmtpScript = { greeting?: string; auth?: string; rcpt?: string; data?: string; stored?: string }

export type SmtpMail = { from: string; to: string[]; raw: string }

export type SmtpFake = {
  url: string
  /** Mails that were taken over with 250, and `reset` ones that were read to their end. */
  mails: SmtpMail[]
  script: SmtpScript
  stop(): Promise<void>
}

const whenWell = {
  greeting: '220 fake ESMTP',
  auth: '235 2.7.0 welcome',
  rcpt: '250 2.1.5 ok',
  data: '354 go ahead',
  stored: '250 2.0.0 queued as 1',
} satisfies Required<SmtpScript>

/** A mail server after RFC 5321, as far as a client without TLS sees it. */
export async function startSmtp(): Promise<SmtpFake> {
  const mails: SmtpMail[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    converse(
      socket,
      (stage) => fake.script[stage] ?? whenWell[stage],
      (mail) => mails.push(mail),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const fake: SmtpFake = {
    url: `smtp://me:secret@127.0.0.1:${(server.address() as AddressInfo).port}`,
    mails,
    script: {},
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
  return fake
}

function converse(
  socket: Socket,
  scripted: (stage: keyof SmtpScript) => string,
  take: (mail: SmtpMail) => void,
): void {
  let mail: SmtpMail = { from: '', to: [], raw: '' }
  let inData = false
  let pending = ''
  const say = (stage: keyof SmtpScript): boolean => {
    const line = scripted(stage)
    if (line === 'reset') socket.resetAndDestroy()
    else if (line !== 'hang') socket.write(`${line}\r\n`)
    return line.startsWith('2') || line.startsWith('3')
  }
  const command = (line: string): void => {
    const verb = line.slice(0, 4).toUpperCase()
    if (verb === 'EHLO') socket.write('250-fake\r\n250-AUTH PLAIN\r\n250 8BITMIME\r\n')
    else if (verb === 'AUTH') say('auth')
    else if (verb === 'MAIL') {
      mail = { from: /<(.*?)>/.exec(line)?.[1] ?? '', to: [], raw: '' }
      socket.write('250 2.1.0 ok\r\n')
    } else if (verb === 'RCPT') {
      if (say('rcpt')) mail.to.push(/<(.*?)>/.exec(line)?.[1] ?? '')
    } else if (verb === 'DATA') inData = say('data')
    else if (verb === 'QUIT') socket.end('221 bye\r\n')
    else socket.write('250 ok\r\n')
  }
  say('greeting')
  socket.on('data', (chunk) => {
    pending += chunk.toString('utf8')
    for (;;) {
      const end = pending.indexOf(inData ? '\r\n.\r\n' : '\r\n')
      if (end < 0) return
      const part = pending.slice(0, end)
      pending = pending.slice(end + (inData ? 5 : 2))
      if (!inData) command(part)
      else {
        inData = false
        mail.raw = part
        const reply = scripted('stored')
        if (reply.startsWith('2') || reply === 'reset') take(mail)
        say('stored')
      }
    }
  })
}
