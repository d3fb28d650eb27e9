import { generateKeyPairSync, verify } from 'node:crypto'
import { type Behaviour, type FakeServer, type Received, startFakeServer } from './http-server.ts'

export type FcmFake = FakeServer & {
  /** The JSON of a service account whose token_uri is this fake. */
  serviceAccount: string
  /** What comes instead of success for well-formed messages, once for each entry. */
  next: Behaviour[]
  /** Withdraws the OAuth tokens given out so far. */
  revoke(): void
  /** How many OAuth tokens were given out. */
  granted(): number
  /** The sends alone. */
  sends(): Received[]
}

/** An error of FCM HTTP v1 in its documented shape; `errorCode` adds the FcmError. */
export const fcmError = (
  status: number,
  rpcStatus: string,
  options: { errorCode?: string; fields?: string[]; message?: string; headers?: Record<string, string> } = {},
): Behaviour => ({
  status,
  headers: { 'content-type': 'application/json', ...options.headers },
  body: JSON.stringify({
    error: {
      code: status,
      message: options.message ?? 'Requested entity was not found.',
      status: rpcStatus,
      details: [
        ...(options.errorCode
          ? [{ '@type': 'type.googleapis.com/google.firebase.fcm.v1.FcmError', errorCode: options.errorCode }]
          : []),
        ...(options.fields
          ? [
              {
                '@type': 'type.googleapis.com/google.rpc.BadRequest',
                fieldViolations: options.fields.map((field) => ({ field, description: 'is invalid' })),
              },
            ]
          : []),
      ],
    },
  }),
})

/** The OAuth token endpoint and messages:send of one project. */
export async function startFcm(): Promise<FcmFake> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const next: Behaviour[] = []
  let tokens = 0
  let valid = new Set<string>()

  const grant = ({ body }: Received): Behaviour => {
    const form = new URLSearchParams(body)
    const [head, claims, signature] = (form.get('assertion') ?? '').split('.')
    const told = JSON.parse(Buffer.from(claims!, 'base64url').toString())
    const isGood =
      form.get('grant_type') === 'urn:ietf:params:oauth:grant-type:jwt-bearer' &&
      verify('sha256', Buffer.from(`${head}.${claims}`), publicKey, Buffer.from(signature!, 'base64url')) &&
      told.iss === 'sender@project.iam.gserviceaccount.com' &&
      told.aud === `${server.url}/token` &&
      told.exp - told.iat <= 3600 &&
      told.scope === 'https://www.googleapis.com/auth/firebase.messaging'
    if (!isGood) return { status: 400, body: '{"error":"invalid_grant"}' }
    tokens += 1
    valid.add(`ya29.${tokens}`)
    return {
      status: 200,
      body: JSON.stringify({ access_token: `ya29.${tokens}`, expires_in: 3599, token_type: 'Bearer' }),
    }
  }

  const send = ({ headers, body }: Received): Behaviour => {
    if (!valid.has(String(headers.authorization).replace('Bearer ', '')))
      return fcmError(401, 'UNAUTHENTICATED')
    const { token, ...rest } = JSON.parse(body).message
    if (typeof token !== 'string') return fcmError(400, 'INVALID_ARGUMENT', { fields: ['message'] })
    const size = Buffer.byteLength(JSON.stringify({ ...rest.notification, ...rest.data }))
    if (size > 4096) return fcmError(400, 'INVALID_ARGUMENT', { fields: ['message.data'] })
    return next.shift() ?? { status: 200, body: '{"name":"projects/demo/messages/1"}' }
  }

  const server = await startFakeServer((received) => {
    if (received.path === '/token') return grant(received)
    if (received.path === '/v1/projects/demo/messages:send') return send(received)
    return { status: 404 }
  })
  const account = {
    type: 'service_account',
    project_id: 'demo',
    client_email: 'sender@project.iam.gserviceaccount.com',
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    token_uri: `${server.url}/token`,
  }
  return {
    ...server,
    serviceAccount: JSON.stringify(account),
    next,
    revoke: () => {
      valid = new Set()
    },
    granted: () => tokens,
    sends: () => server.received.filter(({ path }) => path !== '/token'),
  }
}
