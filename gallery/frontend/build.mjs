// Bundles the scripts and styles into ../static/dist under hashed names, and lists them in manifest.json.
import { build } from "esbuild"
import { readdir, readFile, rename, rm, writeFile } from "node:fs/promises"
import { basename } from "node:path"
import { icons } from "./icons.mjs"

const DIST = "../static/dist"

// A strict policy forbids style="--r: 1.5", so a tile's shape is one of these 53 classes.
function ratios() {
  const steps = Array.from({ length: 53 }, (_, step) => 40 + step * 5)
  return steps.map((percent) => `.r${percent} { --r: ${percent / 100} }`).join("\n")
}

/** Values have names for who reads the source; a browser is told what each meaning is. */
function meanings(tokens) {
  const values = new Map([...tokens.matchAll(/(--[\w-]+): (#\w+);/g)].map(([, name, value]) => [name, value]))
  const bare = tokens.replace(/--[\w-]+: #\w+;/g, "")
  return bare.replace(/var\((--[\w-]+)\)/g, (used, name) => values.get(name) ?? used)
}

async function symbol(name) {
  const svg = await readFile(`node_modules/lucide-static/icons/${name}.svg`, "utf8")
  const shapes = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"))
  return `<symbol id="${name}" viewBox="0 0 24 24">${shapes.replace(/\s+/g, " ").trim()}</symbol>`
}

async function sprite() {
  const symbols = await Promise.all(icons.map(symbol))
  return `<svg xmlns="http://www.w3.org/2000/svg"><!-- Lucide, ISC licence -->\n${symbols.join("\n")}\n</svg>\n`
}

const generated = {
  name: "generated",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^generated:/ }, ({ path }) => ({
      path: path.replace("generated:", ""),
      namespace: "generated",
    }))
    onLoad({ filter: /styles\/tokens\.css$/ }, async ({ path }) => ({
      contents: meanings(await readFile(path, "utf8")),
      loader: "css",
    }))
    onLoad({ filter: /^ratios\.css$/, namespace: "generated" }, () => ({
      contents: ratios(),
      loader: "css",
    }))
    onLoad({ filter: /^icons\.svg$/, namespace: "generated" }, async () => ({
      contents: await sprite(),
      loader: "copy",
    }))
  },
}

const ENTRIES = [
  "app.js",
  "uploads/hash-worker.js",
  "app.css",
  "photo.css",
  "viewer.css",
  "favicon.svg",
  "icon-192.png",
  "icon-512.png",
  "dusk.webp",
  { in: "generated:icons.svg", out: "icons" },
]
const SETTINGS = {
  outdir: DIST,
  entryNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  bundle: true,
  splitting: true,
  minify: true,
  format: "esm",
  target: "es2022",
  legalComments: "none",
  loader: { ".svg": "copy", ".png": "copy", ".webp": "copy", ".woff2": "copy" },
  plugins: [generated],
  metafile: true,
  logLevel: "warning",
}

// Built together, these two would share what is a line long, and each such line would be a file to fetch.
const made = await Promise.all([ENTRIES, ["gate.js"]].map((entryPoints) => build({ ...SETTINGS, entryPoints })))
const inputs = Object.assign({}, ...made.map(({ metafile }) => metafile.inputs))
const outputs = Object.assign({}, ...made.map(({ metafile }) => metafile.outputs))

// Every script would fetch the helpers for CommonJS, which packages of the upload queue alone use.
const scripts = Object.keys(outputs).filter((path) => path.endsWith(".js"))
const helpers = scripts.find((path) => path.includes("/chunk-") && !Object.keys(outputs[path].inputs).length)
const unused = helpers && `import"./${basename(helpers)}";`
for (const path of scripts) await writeFile(path, (await readFile(path, "utf8")).replace(unused, ""))

const built = Object.keys(outputs).map((path) => basename(path))
const plain = (name) => name.replace(/-[A-Z0-9]{8}(?=\.)/, "")
// Scripts that share a part call it chunk, each of them: those are listed as they are.
const manifest = Object.fromEntries(built.map((name) => [name.startsWith("chunk-") ? name : plain(name), name]))

// Which texts scripts say, that other languages are told no more.
const sources = Object.keys(inputs).filter((path) => path.endsWith(".js") && !path.startsWith("node_modules/"))
const said = new Set()
for (const path of sources) {
  for (const [, text] of (await readFile(path, "utf8")).matchAll(/\b(?:_|ngettext)\(\s*("(?:[^"\\]|\\.)*")/g)) said.add(JSON.parse(text))
}
await writeFile(`${DIST}/words.json`, JSON.stringify([...said].sort()))

// The list is moved into place last: whoever reads it finds every file it names.
await writeFile(`${DIST}/manifest.new`, JSON.stringify(manifest, null, 2))
await rename(`${DIST}/manifest.new`, `${DIST}/manifest.json`)
for (const name of await readdir(DIST)) {
  if (/-[A-Z0-9]{8}\./.test(name) && !built.includes(name)) await rm(`${DIST}/${name}`)
}
