import { lstatSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import { hasHyperlinks } from './hyperlinks.ts'

// The only file that reads process.env. This upper part is on the way of every command: no packages.

export type Environment = Readonly<Record<string, string | undefined>>

/** An empty variable counts as unset everywhere, as the shells and the XDG specification have it. */
const text = (value: string | undefined): string | null =>
  value === undefined || value === '' ? null : value

/** The XDG specification says that relative paths are to be ignored. */
const folder = (value: string | undefined): string | null =>
  value !== undefined && isAbsolute(value) ? value : null

const forced = (value: string | undefined): boolean =>
  value !== undefined && value !== '' && value !== '0' && value !== 'false'

/** What the client and the local daemon take from the environment; nothing is validated or created here. */
export function cliConfig(env: Environment = process.env) {
  const home = folder(env.HOME) ?? homedir()
  return {
    todoHome: env.TODO_HOME ? resolve(env.TODO_HOME) : null,
    configHome: folder(env.XDG_CONFIG_HOME) ?? join(home, '.config'),
    dataHome: folder(env.XDG_DATA_HOME) ?? join(home, '.local', 'share'),
    stateHome: folder(env.XDG_STATE_HOME) ?? join(home, '.local', 'state'),
    /** Null for root, cron and most CI: nobody has logged in, so nothing has made the folder. */
    runtimeFolder: folder(env.XDG_RUNTIME_DIR),
    tempFolder: folder(env.TMPDIR) ?? tmpdir(),
    apiUrl: text(env.TODO_API_URL),
    token: text(env.TODO_TOKEN),
    databaseUrl: text(env.TODO_DATABASE_URL),
    /** RFC 3339; moves the client's date words only. */
    now: text(env.TODO_NOW),
    timeZone: text(env.TZ),
    color: {
      never: text(env.NO_COLOR) !== null,
      always: forced(env.CLICOLOR_FORCE) || forced(env.FORCE_COLOR),
      off: env.CLICOLOR === '0' || env.TERM === 'dumb',
    },
    /** TERM of a terminal that can only print: nothing can be drawn on it. */
    isDumb: env.TERM === undefined || env.TERM === '' || env.TERM === 'dumb',
    colors:
      /256|kitty|alacritty|ghostty|direct/.test(env.TERM ?? '') || text(env.COLORTERM) !== null ? 256 : 16,
    /** `COLORFGBG=0;15`: several terminals say so that their background, the last number, is light. */
    isLight: /;(?:7|15)$/.test(env.COLORFGBG ?? ''),
    hasLinks: hasHyperlinks(env),
    columns: Number(env.COLUMNS) > 0 ? Math.floor(Number(env.COLUMNS)) : null,
    pager: text(env.TODO_PAGER) ?? text(env.PAGER),
    /** Filter words for lists and for what is added; `none` for none. */
    focus: text(env.TODO_FOCUS),
    accessible: forced(env.TODO_ACCESSIBLE),
    /** Set for what a hook starts, so that it starts no hook again. */
    inHook: text(env.TODO_IN_HOOK) !== null,
    debug: text(env.TODO_DEBUG) !== null,
    editor: text(env.VISUAL) ?? text(env.EDITOR),
    /** The client's own part of a trace is recorded when somebody wants it. */
    isTraced: text(env.OTEL_EXPORTER_OTLP_ENDPOINT) !== null,
  }
}

export type CliConfig = ReturnType<typeof cliConfig>

/** A Unix socket's path may have 104 bytes on macOS and 108 on Linux; Postgres appends 16 to its folder's. */
const longestSocketFolder = 84

/**
 * The folder to use for sockets in place of `path`: the same, or one below the temp folder whose name holds a
 * hash of it when sockets in it would have too long a path. Pure; `ensurePrivateFolder` makes it.
 */
export const socketFolder = (path: string, tempFolder: string): string =>
  Buffer.byteLength(path) <= longestSocketFolder ? path : hashedSocketFolder(path, tempFolder)

/** The short stand-in for `path`, this user's own. Pure. */
export function hashedSocketFolder(path: string, tempFolder: string): string {
  const name = `todo-${userId()}-${fingerprint(path)}`
  const below = join(tempFolder, name)
  return Buffer.byteLength(below) <= longestSocketFolder ? below : join('/tmp', name)
}

/** FNV-1a in 64 bits. It only tells folders apart; loading crypto would cost every command a millisecond. */
function fingerprint(path: string): string {
  let hash = 0xcbf29ce484222325n
  for (const byte of Buffer.from(path)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n)
  return hash.toString(16).padStart(16, '0')
}

const userId = (): number => process.getuid?.() ?? 0

/** `su` and `sudo` may pass on the runtime folder of the user before, which is no place for this user's socket. */
function isOurs(path: string): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false })
  return stat?.isDirectory() === true && stat.uid === userId()
}

function fourFolders(config: CliConfig) {
  if (config.todoHome !== null) {
    const below = (name: string) => `${config.todoHome}/${name}`
    return { config: below('config'), data: below('data'), state: below('state'), run: below('run') }
  }
  const data = join(config.dataHome, 'todo')
  // The sockets are named after the data: one user may have several homes, and each must meet its own service only.
  const run =
    config.runtimeFolder !== null && isOurs(config.runtimeFolder)
      ? join(config.runtimeFolder, `todo-${fingerprint(data)}`)
      : hashedSocketFolder(data, config.tempFolder)
  return { config: join(config.configHome, 'todo'), data, state: join(config.stateHome, 'todo'), run }
}

/** Every path the client and the daemon share. Nothing is created; all folders are meant to be 0700. */
export function homePaths(config: CliConfig) {
  const { run: wished, ...folders } = fourFolders(config)
  const { data, state } = folders
  const run = socketFolder(wished, config.tempFolder)
  // The folders are normal already: to have each name joined costs a command a third of a millisecond.
  return {
    ...folders,
    run,
    socket: `${run}/daemon.sock`,
    /** Beside the data because the data is what two daemons must never share, wherever their sockets are. */
    lock: `${data}/daemon.lock`,
    daemonState: `${state}/daemon.json`,
    daemonLog: `${state}/daemon.log`,
    postgresData: `${data}/postgres`,
    postgresLog: `${state}/postgres.log`,
  }
}

export type HomePaths = ReturnType<typeof homePaths>

/** The client's own wishes, which a daemon started by it must not inherit for its whole life. */
const clientOnly = [
  'TODO_API_URL',
  'TODO_TOKEN',
  'TODO_NOW',
  'TODO_FOCUS',
  'TODO_IN_HOOK',
  'NODE_OPTIONS',
  'NODE_CHANNEL_FD',
  'COLUMNS',
]

/** The environment for the daemon process. */
export function daemonEnvironment(env: Environment = process.env): Record<string, string | undefined> {
  const kept = { ...env }
  for (const name of clientOnly) delete kept[name]
  return kept
}

/** For the services, whose settings shared/config/services.ts reads from it. */
export const environment = (): Environment => process.env

/** The whole environment with additions, for scripts that start other programs. */
export const inheritedEnvironment = (extra: Environment, env: Environment = process.env) => ({
  ...env,
  ...extra,
})

/** For the pager: `less` shows colours, keeps the screen and ends by itself on a short text, unless the user wants it otherwise. */
export const pagerEnvironment = (env: Environment = process.env) => ({ ...env, LESS: env.LESS ?? 'FRX' })

/** The environment for Postgres: free of PG*, LC_* and TZ of the caller, which would change how it works. */
export const postgresEnvironment = (env: Environment = process.env): Record<string, string> => ({
  PATH: text(env.PATH) ?? '/usr/local/bin:/usr/bin:/bin',
  LC_ALL: 'C',
  TZ: 'UTC',
})

/** Where the tests find their Postgres: a server that is there (URL), or the run's own (socket folder). */
export const testConfig = (env: Environment = process.env) => ({
  databaseUrl: text(env.TODO_TEST_DATABASE_URL),
  socketFolder: text(env.TODO_TEST_POSTGRES),
})

/** What is handed on to the services of a local stack: providers, limits, addresses. The rest the stack sets itself. */
const passedToServices = [
  ...['LOG_LEVEL', 'PUBLIC_URL', 'RATE_LIMIT', 'AUTH_RATE_LIMIT', 'WEBHOOK_ALLOW_PRIVATE', 'JWT_SECRET'],
  ...[
    'SENDGRID_API_KEY',
    'SENDGRID_BASE_URL',
    'SMTP_URL',
    'MAIL_FROM',
    'FCM_SERVICE_ACCOUNT',
    'FCM_BASE_URL',
  ],
  ...['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_HEADERS', 'OTEL_TRACES_SAMPLER_ARG'],
]

/** What the scripts that run the event stack on one machine take from the environment. */
export const stackConfig = (env: Environment = process.env) => ({
  port: text(env.STACK_PORT),
  home: text(env.STACK_HOME),
  /** For finding programs and starting them. */
  env,
  passed: Object.fromEntries(
    passedToServices.flatMap((name) => (text(env[name]) === null ? [] : [[name, env[name] as string]])),
  ),
})

export type StackConfig = ReturnType<typeof stackConfig>

/** What the scripts that bring the product into a cluster take from the environment. */
export const clusterConfig = (env: Environment = process.env) => ({
  /** A context of kubectl; null: minikube's own, which is started. */
  context: text(env.CONTEXT),
  /** An image that the cluster has already; null: one is built. */
  image: text(env.IMAGE),
  namespace: text(env.NAMESPACE) ?? 'todo',
  broker: text(env.BROKER) ?? 'kafka',
  /** On loopback, for the line that signs in. */
  port: text(env.API_PORT),
  /** For finding programs and starting them. */
  env,
})

export type ClusterConfig = ReturnType<typeof clusterConfig>

/** For checks of what is deployed. */
export const checkConfig = (env: Environment = process.env) => ({
  /** Where kubeconform finds schemas, in its notation; null: on the web. */
  schemas: text(env.KUBE_SCHEMAS),
  /** The program that kills one container of a node: `ctr` with its options. */
  ctr: (text(env.CTR) ?? 'minikube ssh -- sudo ctr').split(' '),
})

/** What the targets for DigitalOcean take from the environment; deploy/doks/settings.ts checks it. */
export const doksConfig = (env: Environment = process.env) => ({
  /** For finding programs and starting them. */
  env,
  text: (name: string) => text(env[name]),
})

export type DoksConfig = ReturnType<typeof doksConfig>

/** What a service needs to speak to its sidecar, null where it has none. */
export const daprConfig = (env: Environment = process.env) => ({
  sidecar: text(env.DAPR_HTTP_PORT) === null ? null : `http://127.0.0.1:${env.DAPR_HTTP_PORT}`,
  apiToken: text(env.DAPR_API_TOKEN) ?? undefined,
  appToken: text(env.APP_API_TOKEN),
  pubsub: text(env.PUBSUB_NAME) ?? 'task-pubsub',
  stateStore: text(env.STATE_STORE_NAME) ?? 'todo-statestore',
  /** Something starts the sidecar again when it has ended, so a service may end one whose consumer is stuck. */
  restartsSidecar: forced(env.SIDECAR_RESTART),
})

/** How `todo-ops` reaches the broker and a sidecar. With a user name it is SCRAM over TLS. */
export const opsConfig = (env: Environment = process.env) => ({
  brokers: (text(env.KAFKA_BROKERS) ?? '127.0.0.1:18010').split(','),
  username: text(env.KAFKA_USERNAME) ?? undefined,
  password: text(env.KAFKA_PASSWORD) ?? undefined,
  mechanism: text(env.KAFKA_SASL_MECHANISM) ?? 'scram-sha-256',
  tls: text(env.KAFKA_TLS) === null ? undefined : env.KAFKA_TLS !== '0' && env.KAFKA_TLS !== 'false',
  /** The path of a PEM file with a private authority. */
  caFile: text(env.KAFKA_CA_FILE),
  /** The same, itself. */
  ca: text(env.KAFKA_CA),
  sidecar: `http://127.0.0.1:${text(env.DAPR_HTTP_PORT) ?? '18040'}`,
  daprApiToken: text(env.DAPR_API_TOKEN) ?? undefined,
  columns: text(env.COLUMNS),
})

/** The same in words, for its help. */
export const opsVariables = `Environment:
  KAFKA_BROKERS     host:port,…   (default 127.0.0.1:18010, the local stack)
  KAFKA_USERNAME    with it SCRAM over TLS; also KAFKA_PASSWORD, KAFKA_SASL_MECHANISM (scram-sha-256)
  KAFKA_TLS         1 or 0; on with a user
  KAFKA_CA_FILE     PEM of a private authority, or itself in KAFKA_CA
  DAPR_HTTP_PORT    the sidecar of the server, for probe and replay (default 18040); also DAPR_API_TOKEN`

export type OpsConfig = ReturnType<typeof opsConfig>
