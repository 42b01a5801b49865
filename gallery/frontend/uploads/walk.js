import { isJunk } from "./junk.js"
import { named } from "./paste.js"

const { compare } = new Intl.Collator("en", { numeric: true })
const byName = (one, other) => compare(one.name, other.name)
const pathOf = (file) => file?.webkitRelativePath || file?.name || ""

/** Walk through everything, folders too, in the order of names, and call `found(path, file)` or `leftOut(name)`.
 *
 *  Returns the handles of the folders, where the browser gives them.
 */
export async function walk(sources, found, leftOut) {
  const folders = []
  const visit = { found, leftOut }
  const sorted = [...sources].sort((one, other) => compare(pathOf(one.file), pathOf(other.file)))
  for (const { handle, entry, file, isPasted } of sorted) {
    const held = await handle
    if (held?.kind === "directory") {
      folders.push(held)
      await walkHandle(held, "", visit)
    } else if (entry?.isDirectory) await walkEntry(entry, "", visit)
    else if (file) meetAlone(isPasted ? named(file) : file, visit)
  }
  return folders
}

// The input of a folder says the path of each of its files.
function meetAlone(file, { found, leftOut }) {
  const path = pathOf(file)
  if (path.split("/").some(isJunk)) leftOut(file.name)
  else found(path, file)
}

async function walkHandle(handle, above, visit) {
  const path = above + handle.name
  if (above && isJunk(handle.name)) return visit.leftOut(handle.name)
  if (handle.kind === "file") return visit.found(path, await handle.getFile())
  const children = []
  for await (const child of handle.values()) children.push(child)
  for (const child of children.sort(byName)) await walkHandle(child, `${path}/`, visit)
}

async function walkEntry(entry, above, visit) {
  const path = above + entry.name
  if (above && isJunk(entry.name)) return visit.leftOut(entry.name)
  if (entry.isFile) return visit.found(path, await new Promise((resolve, reject) => entry.file(resolve, reject)))
  for (const child of (await childrenOf(entry)).sort(byName)) await walkEntry(child, `${path}/`, visit)
}

async function childrenOf(entry) {
  const reader = entry.createReader()
  const children = []
  // It gives a hundred at a time, and nothing at the end.
  for (let some; (some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject))).length; ) children.push(...some)
  return children
}
