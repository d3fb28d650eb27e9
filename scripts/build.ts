import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { type BuildOptions, build, type Plugin } from 'esbuild'
import { readVersion } from '../shared/version.ts'
import { external } from './externals.ts'
import { inkAtOnce } from './ink-plugin.ts'

const root = join(import.meta.dirname, '..')

/**
 * What runs, as one CommonJS file each: the ES module form of `node:http` alone costs 45 ms at every start. Files in
 * `apart` are bundles of their own that another one imports when it needs them, so that nobody parses them in vain.
 */
const rooms = ['cli/main.ts', 'server/main.ts', 'notifier/main.ts', 'recurrer/main.ts', 'ops/main.ts']
const entries = rooms.filter((file) => existsSync(join(root, file)))
/** The engine of recurrence with its parser of cron: a seventh of the client, for commands that few of its starts are. */
const engine = 'shared/recurrence.ts'
/** Commands that are called seldom and carry much. */
const heavyCommands = [
  ...['import', 'export', 'stats', 'calendar', 'login', 'logout', 'whoami', 'serve', 'doctor', 'completion'],
  ...['notify/index', 'channel/index', 'recur/index', 'token/index', 'context/index', 'config/index'],
].map((name) => `cli/commands/${name}.ts`)
/** The board with React and Ink: only `todo board` loads them. */
const board = 'cli/tui/start.tsx'
const apart = [
  ...['cli/local.ts', 'cli/remote.ts', 'cli/serve.ts', 'cli/reshape.ts', 'cli/record.ts'],
  'cli/doctor/cluster.ts',
  board,
  engine,
  ...heavyCommands,
].filter((file) => existsSync(join(root, file)))

/**
 * The first thing the client says: old Nodes would otherwise die of a syntax error somewhere below. Its variable is its
 * own, because the minifier below it gives short names without knowing what stands here.
 */
const nodeCheck = `(function(){var v=process.versions.node.split('.');if(v[0]<22||(v[0]==22&&v[1]<19)){process.stderr.write('todo needs Node 22.19 or newer; this is '+process.versions.node+'. Get it from https://nodejs.org\\n');process.exit(1)}})();`

/** A bundle lies at the top of its room, wherever in the room the file stands. */
const bundleOf = (file: string): string =>
  file
    .replace(/\.tsx?$/, '')
    .replace(/^cli\/tui\/start$/, 'cli/tui')
    .replace(/^cli\/commands\//, 'cli/command-')
    .replace(/\/index$/, '')

const leaveApart: Plugin = {
  name: 'leave-apart',
  setup({ onResolve }) {
    onResolve({ filter: /\.tsx?$/ }, ({ path, resolveDir, importer, kind }) => {
      const file = relative(root, join(resolveDir, path))
      const isClients = file === engine && relative(root, importer).startsWith('cli/')
      if ((kind !== 'dynamic-import' && !isClients) || !apart.includes(file)) return undefined
      const [room] = relative(root, importer).split('/')
      const target = `${relative(room!, bundleOf(file))}.js`
      return { path: target.startsWith('.') ? target : `./${target}`, external: true }
    })
  },
}

/** The reader of flags would load it at every start, for a kind of command that we do not have. */
const noChildProcess: Plugin = {
  name: 'no-child-process',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(node:)?child_process$/ }, ({ importer }) =>
      importer.includes('node_modules/commander') ? { path: 'child_process', namespace: 'empty' } : undefined,
    )
    onLoad({ filter: /.*/, namespace: 'empty' }, () => ({ contents: 'module.exports = {}' }))
  },
}

const options: BuildOptions = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  outdir: join(root, 'dist'),
  outbase: root,
  external,
  plugins: [leaveApart, noChildProcess],
  logLevel: 'warning',
  legalComments: 'none',
  sourcemap: 'linked',
  // A stack needs names and lines; the text of all sources would lie in the memory of each service.
  sourcesContent: false,
  define: {
    'import.meta.dirname': '__dirname',
    'import.meta.filename': '__filename',
    'import.meta.url': '__url',
    'process.env.NODE_ENV': '"production"',
    builtVersion: JSON.stringify(readVersion()),
  },
}

const url = `var __url=require('node:url').pathToFileURL(__filename).href;`

await rm(join(root, 'dist'), { recursive: true, force: true })
await mkdir(join(root, 'dist'), { recursive: true })
await writeFile(join(root, 'dist/package.json'), '{"type":"commonjs"}\n')
const [client, ...services] = entries
const daemon = 'cli/local.ts'

/** One person's daemon rarely sends anything: what only sending needs stays outside of what it holds in memory. */
const seldom = ['undici', 'nodemailer']

await Promise.all([
  build({
    ...options,
    entryPoints: { 'cli/client': join(root, client!) },
    // The bundles beside it are CommonJS too, and what is compiled by hand has no `import()`.
    supported: { 'dynamic-import': false },
    minify: true,
    // What launches it compiles it as one expression.
    banner: { js: '(function(exports,require,module,__filename,__dirname){' },
    footer: { js: '})' },
  }),
  build({
    ...options,
    entryPoints: Object.fromEntries(
      [...services, ...apart.filter((file) => file !== daemon && file !== board)].map((file) => [
        bundleOf(file),
        join(root, file),
      ]),
    ),
    minify: true,
    keepNames: true,
    banner: { js: url },
  }),
  build({
    ...options,
    entryPoints: [daemon],
    external: [...external, ...seldom],
    minify: true,
    keepNames: true,
    banner: { js: url },
  }),
])
const compiledFrom = createHash('sha256')
  .update(await readFile(join(root, 'dist/cli/client.js')))
  .digest('hex')
await build({
  ...options,
  entryPoints: { 'cli/main': join(root, 'cli/launch.ts') },
  minify: true,
  sourcemap: false,
  banner: { js: `#!/usr/bin/env node\n${nodeCheck}` },
  define: { ...options.define, clientBuild: JSON.stringify(compiledFrom.slice(0, 12)) },
})
await build({
  ...options,
  entryPoints: { [bundleOf(board)]: join(root, board) },
  plugins: [leaveApart, inkAtOnce],
  jsx: 'automatic',
  minify: true,
  banner: { js: url },
})
await chmod(join(root, 'dist/cli/main.js'), 0o755)

// The manual page comes from the same tables as the help.
const { manPage } = await import('../cli/man.ts')
await mkdir(join(root, 'dist/man'), { recursive: true })
await writeFile(
  join(root, 'dist/man/todo.1'),
  await manPage(readVersion(), new Date().toISOString().slice(0, 10)),
)
