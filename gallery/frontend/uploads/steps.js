// What is done with each file in turn: it is told to the server, read, asked about, and sent.
import { refusal, shortage } from "./limits.js"
import { bareTraits, isToPlace, isUnsent } from "./rows.js"
import { ask } from "./server.js"
import { step } from "./step.js"
import { _ } from "../words/words.js"

const GROUP = 1000
const AHEAD = 200
const ASK_EVERY = 500
const ASK_AT = 50

/** The steps; each runs alone, does one portion, and says when there is more. */
export function steps(queue) {
  return [register, place, tell, drop, read, inquire, send].map((act) => step(() => !queue.isHeld && attempt(queue, act)))
}

async function attempt(queue, act) {
  try {
    await act(queue)
  } catch (refusal) {
    if (refusal.status === undefined) throw refusal
    if (refusal.status === 404) queue.forgetBatch()
    queue.hold.begin(refusal.status === 401 ? "signed-out" : "lost", refusal)
  }
}

const first = (rows, number, test) => {
  const found = []
  for (const row of rows) if (test(row) && found.push(row) === number) break
  return found
}

/** Get the server's ids for what was chosen, and refuse at once what it would refuse. */
async function register(queue) {
  if (queue.areLimitsOld) await measure(queue)
  if (queue.areIdsUnsure) return recall(queue)
  const rows = first(queue.rows, GROUP, (row) => !row.id && row.file)
  if (!rows.length) return
  for (const row of rows) refuseEarly(queue, row)
  if (!queue.batch) await queue.begin(await ask("/api/uploads/batches", { files: [] }))
  await queue.record.flush() // a tab that dies now is to know of them, ids or not
  queue.areIdsUnsure = true
  const { files } = await ask(pathOf(queue, "files"), { files: rows.map(({ name, size }) => ({ name, size })) })
  queue.areIdsUnsure = false
  rows.forEach((row, place) => identify(queue, row, files[place]))
  queue.record.flush()
  queue.turn()
}

/** Tell the server which files go into an album: of those that are meant for the same one, all it takes at once. */
async function place(queue) {
  const [next] = first(queue.rows, 1, isToPlace)
  if (!next || !queue.batch) return
  const { into } = next
  const rows = first(queue.rows, GROUP, (row) => isToPlace(row) && sameAlbum(row.into, into))
  const told = await ask(pathOf(queue, "album"), { ...into, files: rows.map(({ id }) => id) }).catch(refusedAlbum)
  queue.albums.set(JSON.stringify(into), told)
  for (const row of rows) {
    row.isPlaced = true
    queue.keep(row)
  }
  queue.turn()
}

const sameAlbum = (one, other) => one.album === other.album && one.title === other.title

/** There is no such album: the files are kept, only not in it. */
function refusedAlbum(refusal) {
  if (refusal.status !== 422) throw refusal
  return { refusal: refusal.sentence }
}

const pathOf = ({ batch }, what) => `/api/uploads/batches/${batch.batch}/${what}`

/** Learn what may be sent; whatever waited for that goes on. */
async function measure(queue) {
  queue.limits = await ask("/limits.json")
  queue.areLimitsOld = false
  queue.prepareSender()
  queue.turn()
}

/** Find out the ids that the server gave when the answer was lost, or the tab that asked died. */
async function recall(queue) {
  const rows = queue.rows.filter((row) => !row.id)
  const last = queue.rows.reduce((highest, { id }) => Math.max(highest, id ?? 0), 0)
  const { files } = rows.length ? await ask(`${pathOf(queue, "missing")}?after=${last}`) : { files: [] }
  for (const file of files) {
    const place = rows.findIndex((row) => bareTraits(row) === bareTraits(file))
    if (place >= 0) identify(queue, ...rows.splice(place, 1), file.id)
  }
  queue.areIdsUnsure = false
  queue.turn()
}

function identify(queue, row, id) {
  row.id = id
  if (row.isRemoved) queue.removed.push(id) // it was taken out while the server was asked
  queue.keep(row)
}

function refuseEarly(queue, row) {
  const reason = row.state === "waiting" && refusal(row, queue.limits)
  if (reason) queue.set(row, "failed", { reason, canRetry: false, isUntold: true })
}

/** Have the receipt say what was refused here. */
async function tell(queue) {
  const rows = first(queue.rows, GROUP, (row) => row.isUntold && row.id)
  if (!rows.length) return
  const files = Object.fromEntries(rows.map(({ id, reason }) => [id, reason]))
  await ask(pathOf(queue, "refuse"), { files })
  for (const row of rows) row.isUntold = false
  queue.turn()
}

const isToRead = (row) => row.file && row.state === "waiting" && row.sha256 === undefined
const isRead = (row) => row.file && row.state === "waiting" && row.sha256 !== undefined

/** Have the receipt forget what was taken out here. */
async function drop(queue) {
  const files = queue.removed.slice(0, GROUP)
  if (!files.length) return
  if (queue.batch) await ask(pathOf(queue, "remove"), { files })
  queue.removed.splice(0, files.length)
  queue.dispatchEvent(new CustomEvent("change"))
  queue.turn()
}

/** Read one file for its digest, ahead of sending but not without end. */
async function read(queue) {
  if (!queue.limits || first(queue.rows, AHEAD, isRead).length === AHEAD) return
  const [row] = first(queue.rows, 1, isToRead)
  if (!row) return
  const answer = row.size > queue.limits.hash_up_to ? { sha256: null } : await queue.digest(row.file)
  if (answer.error) queue.set(row, "failed", { reason: _("This file cannot be read any more. Choose it again"), canRetry: false })
  else {
    row.sha256 = answer.sha256
    queue.keep(row)
  }
  queue.turn()
}

const isToAsk = (row) => isRead(row) && row.id && row.sha256 && !row.isAsked

/** Ask which of them are in the library already, many at a time. */
async function inquire(queue) {
  const rows = first(queue.rows, GROUP, isToAsk)
  if (!rows.length) return
  const wait = (queue.askedAt ?? 0) + ASK_EVERY - performance.now()
  if (rows.length < ASK_AT && wait > 0) return queue.turnIn(wait)
  queue.askedAt = performance.now()
  const files = Object.fromEntries(rows.map(({ id, sha256 }) => [id, sha256]))
  const sha256 = [...new Set(Object.values(files))]
  const { known } = await ask("/api/uploads/known", { sha256, files, batch: queue.batch.batch })
  for (const row of rows) {
    row.isAsked = true
    const href = known[row.sha256]
    if (href && isUnsent(row)) queue.finish(row, { outcome: "already", href })
  }
  queue.turn()
}

/** Send what may be sent: its digest is unknown to the server, and there is room for it. */
async function send(queue) {
  const isReady = (row) => isRead(row) && row.id && (row.isAsked || row.sha256 === null) && !queue.sender.has(row)
  while (queue.sender && !queue.areLimitsOld && queue.batch && queue.sender.count < queue.limits?.at_once && !queue.isHeld) {
    const [row] = first(queue.rows, 1, (row) => isReady(row) && !isTwin(queue, row))
    if (!row) return
    if (queue.known.has(row.sha256)) {
      queue.known.delete(row.sha256) // a copy of it has just arrived: ask again
      row.isAsked = false
      return queue.turn()
    }
    const reason = shortage(row, queue.limits, queue.sender.bytes)
    if (reason) {
      queue.set(row, "failed", { reason, canRetry: true, isUntold: true })
      queue.turn()
    } else queue.sender.send(row, { batch: queue.batch.batch, file: row.id })
  }
}

/** Whether the same bytes are on their way under another name. */
function isTwin(queue, row) {
  return row.sha256 && queue.rows.some((other) => other !== row && other.sha256 === row.sha256 && queue.sender.has(other))
}
