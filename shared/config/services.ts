import { isIP } from 'node:net'
import { AppError, type FieldError } from '../errors.ts'
import type { SecretKeys } from '../secret-box.ts'

// What the services take from the environment. Each reads only what it needs, and tells all faults at once.

type Variables = Readonly<Record<string, string | undefined>>

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]

/** What stands in place of a secret in examples, ours and the usual ones: who copies it has told it to everybody. */
const examples =
  /change.?(me|this|it)|replace.?(me|this|with)|your.{0,20}secret|your.?256.?bit|string.secret.at.least|example|placeholder|^default|^secret|^password/i

export const leastSecretBytes = 32

const read = (env: Variables) => {
  const faults: FieldError[] = []
  const text = (name: string): string | null => env[name]?.trim() || null
  const fail = (name: string, code: string, message: string): null => {
    faults.push({ pointer: `/${name}`, code, message })
    return null
  }
  /** Never repeats a value: it may be a secret in the wrong place. */
  const parsed = <T>(name: string, fallback: T, wanted: string, parse: (value: string) => T | null): T => {
    const given = text(name)
    if (given === null) return fallback
    const value = parse(given)
    return value === null ? (fail(name, 'invalid', `must be ${wanted}`) ?? fallback) : value
  }
  const whole = (name: string, fallback: number, [least, most]: [number, number]): number =>
    parsed(name, fallback, `a whole number from ${least} to ${most}`, (value) => {
      const number = Number(value)
      return /^\d+$/.test(value) && number >= least && number <= most ? number : null
    })
  const url = (name: string, schemes: RegExp, wanted: string): string | null =>
    parsed<string | null>(name, null, wanted, (value) =>
      schemes.test(value) && URL.canParse(value.replace('@/', '@localhost/')) ? value : null,
    )
  return {
    text,
    whole,
    url,
    parsed,
    fail,
    flag: (name: string): boolean =>
      parsed(name, false, '1 or 0', (value) =>
        /^(1|true|yes|on)$/i.test(value) ? true : /^(0|false|no|off)$/i.test(value) ? false : null,
      ),
    required: <T>(name: string, value: T | null, what: string): T => {
      if (value === null && text(name) === null) fail(name, 'required', `is missing: ${what}`)
      return value as T
    },
    /** Throws what was wrong, one line for all. */
    checked: <T>(config: T): T => {
      if (faults.length === 0) return config
      const told = faults.map(({ pointer, message }) => `${pointer.slice(1)} ${message}`)
      throw new AppError('invalid', `${told.join('; ')}. See .env.example.`, {
        fields: faults,
        reason: 'bad_configuration',
      })
    },
  }
}

type Reader = ReturnType<typeof read>

const databaseUrl = (from: Reader): string =>
  from.required(
    'DATABASE_URL',
    from.url('DATABASE_URL', /^postgres(ql)?:\/\//, 'like postgres://user:password@host:5432/database'),
    'the address of Postgres',
  )

/** The variables of OpenTelemetry. Without an endpoint nothing is recorded. */
const tracing = (from: Reader) => ({
  endpoint: from.url('OTEL_EXPORTER_OTLP_ENDPOINT', /^https?:\/\//, 'an http or https URL'),
  headers: from.parsed<Record<string, string>>(
    'OTEL_EXPORTER_OTLP_HEADERS',
    {},
    'like name=value,name=value',
    (value) => {
      const pairs = value.split(',').map((pair) => /^\s*([\w-]+)\s*=(.*)$/.exec(pair)?.slice(1))
      if (pairs.includes(undefined)) return null
      return Object.fromEntries(pairs.map((pair) => [pair![0]!.toLowerCase(), decoded(pair![1]!.trim())]))
    },
  ),
  ratio: from.parsed<number>('OTEL_TRACES_SAMPLER_ARG', 1, 'a share from 0 to 1', (value) => {
    const share = Number(value)
    return share >= 0 && share <= 1 ? share : null
  }),
})

/** The specification wants percent-encoding; keys as providers show them often come without. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** For a service inside another process, and for the client. */
export const tracingConfig = (env: Variables) => {
  const from = read(env)
  return from.checked(tracing(from))
}

/** What every service has: where it listens, its database and its log. The sidecar is `daprConfig`'s. */
const common = (from: Reader, port: number) => ({
  port: from.whole('PORT', port, [0, 65_535]),
  host: from.text('HOST') ?? '0.0.0.0',
  databaseUrl: databaseUrl(from),
  logLevel: from.parsed<LogLevel>('LOG_LEVEL', 'info', `one of ${logLevels.join(', ')}`, (value) =>
    logLevels.includes(value as LogLevel) ? (value as LogLevel) : null,
  ),
  tracing: tracing(from),
})

/** The address under which people reach the API; in mails, and for HSTS. No slash at its end. */
const publicUrl = (from: Reader): string | null =>
  from.url('PUBLIC_URL', /^https?:\/\//, 'an http or https URL')?.replace(/\/+$/, '') ?? null

function secret(from: Reader, name: string): string | null {
  const value = from.text(name)
  if (value === null) return null
  if (Buffer.byteLength(value) < leastSecretBytes) {
    return from.fail(name, 'too_short', `is shorter than ${leastSecretBytes} bytes`)
  }
  return examples.test(value)
    ? from.fail(name, 'example', 'is an example or easy to guess; make one with `openssl rand -base64 48`')
    : value
}

/** Who may read /metrics; see server/metrics-access.ts. */
const metrics = (from: Reader) => ({
  metricsFrom: from.parsed<string[]>(
    'METRICS_FROM',
    ['loopback'],
    'loopback, private, all, or addresses and networks with commas',
    (value) => {
      const places = value.split(',').map((one) => one.trim())
      return places.every((one) => /^(loopback|private|all)$/.test(one) || isNetwork(one)) ? places : null
    },
  ),
  metricsToken: from.parsed<string | null>('METRICS_TOKEN', null, 'at least 16 characters', (value) =>
    value.length >= 16 ? value : null,
  ),
})

/** Limits and proxies: the same for the cluster's server and for `todo serve`. */
const signIn = (from: Reader) => ({
  ...metrics(from),
  rateLimit: from.whole('RATE_LIMIT', 600, [0, 1_000_000]),
  authRateLimit: from.whole('AUTH_RATE_LIMIT', 10, [0, 100_000]),
  trustedProxies: from.parsed<string[]>(
    'TRUSTED_PROXIES',
    [],
    'addresses or networks with commas, like 10.0.0.0/8',
    (value) => {
      const networks = value.split(',').map((one) => one.trim())
      return networks.every(isNetwork) ? networks : null
    },
  ),
})

/** How long a server that was told to stop says that it is not ready before it lets nobody in any more. */
const drainMs = (from: Reader, fallback: number): number => from.whole('DRAIN_MS', fallback, [0, 60_000])

/** 32 bytes as base64 or hex; what is shorter is refused, since a pass phrase is no key. */
function key(from: Reader, name: string): Buffer | null {
  return from.parsed<Buffer | null>(name, null, '32 random bytes: openssl rand -base64 32', (value) => {
    const bytes = /^[0-9a-f]{64}$/i.test(value) ? Buffer.from(value, 'hex') : Buffer.from(value, 'base64')
    return bytes.length === 32 && /^[A-Za-z0-9+/=_-]+$/.test(value) ? bytes : null
  })
}

/** What seals the secrets of webhooks in the database; server and notifier have the same. */
const secretKeys = (from: Reader): SecretKeys => ({
  current: key(from, 'SECRETS_KEY'),
  previous: key(from, 'SECRETS_KEY_PREVIOUS'),
})

/** What the server needs of the notifier's settings. */
const notifications = (from: Reader) => ({
  webhookAllowPrivate: webhookAllowPrivate(from),
  secretKeys: secretKeys(from),
  /** The key with which SendGrid signs its reports, base64 as its page shows it; null: none are taken. */
  sendgridPublicKey: from.parsed<string | null>(
    'SENDGRID_WEBHOOK_PUBLIC_KEY',
    null,
    "the verification key of SendGrid's event webhook",
    (value) => (/^[A-Za-z0-9+/]{80,}={0,2}$/.test(value) ? value : null),
  ),
})

function isNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/')
  const family = isIP(address)
  const most = family === 6 ? 128 : 32
  return (
    family > 0 && rest.length === 0 && (bits === undefined || (/^\d+$/.test(bits) && Number(bits) <= most))
  )
}

export const serverConfig = (env: Variables) => {
  const from = read(env)
  return from.checked({
    ...common(from, 8080),
    publicUrl: publicUrl(from),
    jwtSecret: from.required('JWT_SECRET', secret(from, 'JWT_SECRET'), 'at least 32 random bytes'),
    jwtSecretPrevious: secret(from, 'JWT_SECRET_PREVIOUS'),
    ...signIn(from),
    ...notifications(from),
    drainMs: drainMs(from, 500),
  })
}
export type ServerConfig = ReturnType<typeof serverConfig>

/** `todo serve`: its database and its secret may be made by itself, so here they may be absent. */
export const serveConfig = (env: Variables) => {
  const from = read(env)
  return from.checked({
    databaseUrl: from.url(
      'DATABASE_URL',
      /^postgres(ql)?:\/\//,
      'like postgres://user:password@host:5432/database',
    ),
    publicUrl: publicUrl(from),
    port: from.whole('PORT', 8787, [0, 65_535]),
    host: from.text('HOST') ?? '127.0.0.1',
    logLevel: from.parsed<LogLevel>('LOG_LEVEL', 'info', `one of ${logLevels.join(', ')}`, (value) =>
      logLevels.includes(value as LogLevel) ? (value as LogLevel) : null,
    ),
    jwtSecret: secret(from, 'JWT_SECRET'),
    jwtSecretPrevious: secret(from, 'JWT_SECRET_PREVIOUS'),
    ...signIn(from),
    ...notifications(from),
    drainMs: drainMs(from, 0),
  })
}
export type ServeConfig = ReturnType<typeof serveConfig>

/** Only the database: what `migrate` needs. */
export const migrateConfig = (env: Variables) => {
  const from = read(env)
  return from.checked({ databaseUrl: databaseUrl(from) })
}

/** Private addresses and http as webhooks, for development: the server accepts them, the notifier calls them. */
const webhookAllowPrivate = (from: Reader): boolean => from.flag('WEBHOOK_ALLOW_PRIVATE')

/** The ways out of notifications. What is absent is switched off. */
const providers = (from: Reader) => {
  const isUrl = /^https?:\/\//
  return {
    publicUrl: publicUrl(from),
    sendgrid: {
      apiKey: from.text('SENDGRID_API_KEY'),
      baseUrl:
        from.url('SENDGRID_BASE_URL', isUrl, 'an http or https URL')?.replace(/\/+$/, '') ??
        'https://api.sendgrid.com',
    },
    smtpUrl: from.url('SMTP_URL', /^smtps?:\/\//, 'like smtp://user:password@host:587'),
    mailFrom: from.text('MAIL_FROM'),
    fcm: {
      /** JSON, or the path of a file with it. */
      serviceAccount: from.text('FCM_SERVICE_ACCOUNT'),
      baseUrl:
        from.url('FCM_BASE_URL', isUrl, 'an http or https URL')?.replace(/\/+$/, '') ??
        'https://fcm.googleapis.com',
    },
    webhookAllowPrivate: webhookAllowPrivate(from),
    secretKeys: secretKeys(from),
    /** Mails, pushes or pop-ups that one person gets in an hour before the rest becomes one; 0 = no limit. */
    hourlyLimit: from.whole('NOTIFY_HOURLY_LIMIT', 60, [0, 10_000]),
  }
}

/** For a notifier inside another process, which has a database already. */
export const providersConfig = (env: Variables) => {
  const from = read(env)
  return from.checked(providers(from))
}
export type ProvidersConfig = ReturnType<typeof providersConfig>

export const notifierConfig = (env: Variables) => {
  const from = read(env)
  return from.checked({ ...common(from, 8081), ...providers(from) })
}
export type NotifierConfig = ReturnType<typeof notifierConfig>

export const recurrerConfig = (env: Variables) => {
  const from = read(env)
  return from.checked(common(from, 8082))
}
export type RecurrerConfig = ReturnType<typeof recurrerConfig>
