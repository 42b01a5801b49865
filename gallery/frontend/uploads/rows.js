let newest = 0

/** A file that was chosen, and how far it has come. */
export function newRow({ path, file, into }) {
  const { name, size, type, lastModified: modified } = file
  return { key: ++newest, path, name, size, type, modified, state: "waiting", sent: 0, high: 0, file, into }
}

/** A row as the record kept it: its file is not here, and nothing of it is on its way. */
export function rowAgain(kept) {
  newest = Math.max(newest, kept.key)
  return { ...kept, sent: 0, high: FINISHED.has(kept.state) ? kept.size : 0 }
}

/** A file that stands on a receipt and is not in the library: all that is known are its name and size. */
export function rowOf({ id, name, size }) {
  return { key: ++newest, id, path: name, name, size, type: "", modified: null, state: "waiting", sent: 0, high: 0 }
}

/** What the record keeps of a row. */
export function kept(row) {
  const facts = Object.fromEntries(KEPT.map((name) => [name, row[name]]))
  return { ...facts, state: isUnsent(row) ? "waiting" : row.state }
}

const KEPT = ["key", "path", "name", "size", "type", "modified", "id", "sha256", "url", "reason", "canRetry", "isUntold", "href", "into", "isPlaced"]
const FINISHED = new Set(["added", "already", "restored"])
const LIVE = new Set(["sending", "finishing"])

export const isFinished = (row) => FINISHED.has(row.state)
export const isLive = (row) => LIVE.has(row.state)
export const isFailed = (row) => row.state === "failed"
export const isUnsent = (row) => !isFinished(row) && !isFailed(row)
export const isToSend = (row) => isUnsent(row) && Boolean(row.file)
/** Meant for an album, and the server does not know. */
export const isToPlace = (row) => Boolean(row.into && row.id && !row.isPlaced)
/** Still to come, but its file is not in this page: its folder has to be shown again. */
export const isMissing = (row) => !row.file && isUnsent(row)

/** What tells a file from others, from one visit to the next. */
export const traits = ({ path, size, modified }) => `${path}\n${size}\n${modified}`
export const bareTraits = ({ name, size }) => `${name}\n${size}`
export const baseTraits = ({ name, size, modified }) => `${name}\n${size}\n${modified}`
