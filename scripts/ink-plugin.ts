import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Plugin } from 'esbuild'

// Ink and its layout engine await at the top level of their modules, which a CommonJS bundle cannot: the engine waits
// for its WebAssembly, the reconciler for its developer tools. The first is made here at once, which also spares the
// start `fetch` of a data URL with all of undici behind it (50 ms); the second is left out.

/** The engine's loader holds its program as a data URL of base64. */
const dataUrl = /"data:application\/octet-stream;base64,([^"]+)"/

const wasmModule = (folder: string) => `
import makeYoga from '${folder}/binaries/yoga-wasm-base64-esm.js'
import wrapAssembly from '${folder}/src/wrapAssembly.js'
import bytes from 'yoga-bytes'
const yoga = {
  instantiateWasm(imports, receive) {
    const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), imports)
    receive(instance)
    return instance.exports
  },
}
makeYoga(yoga)
export default wrapAssembly(yoga)
export * from '${folder}/src/generated/YGEnums.js'
`

async function bytesOf(loader: string): Promise<Buffer> {
  const found = dataUrl.exec(await readFile(loader, 'utf8'))
  if (found === null) throw new Error(`${loader} holds no program any more; see how its new version keeps it`)
  return Buffer.from(found[1]!, 'base64')
}

/** Takes out what awaits developer tools; fails when a new version of Ink has none of it. */
async function withoutTools(path: string): Promise<string> {
  const text = await readFile(path, 'utf8')
  const mended = text
    .replace("await import('./devtools.js')", 'undefined')
    .replace('await loadPackageJson()', 'packageInfo')
  if (mended === text || /^\s*(?:const \w+ = )?await /m.test(mended.replace(/async function[^}]*\}/g, '')))
    throw new Error(`${path} awaits something else now; see what this plugin has to take out`)
  return mended
}

export const inkAtOnce: Plugin = {
  name: 'ink-at-once',
  setup({ onLoad, onResolve }) {
    onLoad({ filter: /yoga-layout\/dist\/src\/index\.js$/ }, ({ path }) => ({
      contents: wasmModule(dirname(dirname(path))),
      resolveDir: dirname(path),
    }))
    onLoad({ filter: /yoga-wasm-base64-esm\.js$/, namespace: 'file' }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replace(dataUrl, '"data:application/octet-stream;base64,"'),
    }))
    onResolve({ filter: /^yoga-bytes$/ }, ({ resolveDir }) => ({
      path: join(dirname(resolveDir), 'binaries/yoga-wasm-base64-esm.js'),
      namespace: 'yoga-bytes',
    }))
    onLoad({ filter: /./, namespace: 'yoga-bytes' }, async ({ path }) => ({
      contents: await bytesOf(path),
      loader: 'binary',
    }))
    onLoad({ filter: /ink\/build\/reconciler\.js$/ }, async ({ path }) => ({
      contents: await withoutTools(path),
    }))
  },
}
