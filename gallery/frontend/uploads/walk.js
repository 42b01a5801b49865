import { isJunk } from "./junk.js"
import { named } from "./paste.js"

/** Walk through everything, folders too, and call `found(path, file)` or `leftOut(name)`.
 *
 *  Returns the handles of the folders, where the browser gives them.
 */
export async function walk(sources, found, leftOut) {
  const folders = []
  const visit = { found, leftOut }
  for (const { handle, entry, file, isPasted } of sources) {
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
  const path = file.webkitRelativePath || file.name
  if (path.split("/").some(isJunk)) leftOut(file.name)
  else found(path, file)
}

async function walkHandle(handle, above, visit) {
  const path = above + handle.name
  if (above && isJunk(handle.name)) return visit.leftOut(handle.name)
  if (handle.kind === "file") return visit.found(path, await handle.getFile())
  for await (const child of handle.values()) await walkHandle(child, `${path}/`, visit)
}

async function walkEntry(entry, above, visit) {
  const path = above + entry.name
  if (above && isJunk(entry.name)) return visit.leftOut(entry.name)
  if (entry.isFile) return visit.found(path, await new Promise((resolve, reject) => entry.file(resolve, reject)))
  const reader = entry.createReader()
  // It gives a hundred at a time, and nothing at the end.
  for (let some; (some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject))).length; ) {
    for (const child of some) await walkEntry(child, `${path}/`, visit)
  }
}
