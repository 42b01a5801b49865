// What is chosen and how far it is, kept in IndexedDB: it outlives a reload and a crash.
import { isToPlace, kept } from "./rows.js"

const FLUSH = 250
const AT_ONCE = 500

const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = request.oncomplete = () => resolve(request.result)
    request.onerror = request.onabort = () => reject(request.error)
  })

/** The record of one person; somebody else at this browser has another. */
export async function openRecord(person) {
  try {
    const opening = indexedDB.open(nameOf(person), 1)
    opening.onupgradeneeded = () => {
      opening.result.createObjectStore("batches", { keyPath: "set" })
      opening.result.createObjectStore("files", { keyPath: ["set", "key"] })
    }
    return new Record(await done(opening), nameOf(person))
  } catch {
    return new Record(null) // a private window keeps nothing, and uploads all the same
  }
}

/** Under this name, pages that have loaded nothing yet find in localStorage that something may be left. */
const nameOf = (person) => `uploads-${person}`

class Record {
  #db
  #dirty = new Set()
  #timer

  constructor(db, name) {
    this.#db = db
    this.name = name
    this.set = newSet()
  }

  /** The newest batch of which something is still to come, as {batch, rows}; what is done is forgotten. */
  async load() {
    if (!this.#db) return null
    const sets = await done(this.#db.transaction("batches").objectStore("batches").getAll())
    for (const batch of sets.sort((one, other) => other.made - one.made)) {
      const rows = await done(this.#db.transaction("files").objectStore("files").getAll(below(batch.set)))
      if (rows.some((row) => row.state === "waiting" || isToPlace(row))) {
        Object.assign(this, { batch, set: batch.set })
        return { batch, rows }
      }
      await this.forget(batch.set)
    }
    localStorage.removeItem(this.name)
    return null
  }

  /** Keep what is known of the batch: its name on the server, and the folders it came from. */
  async keepBatch(facts) {
    this.batch = { made: Date.now(), ...this.batch, ...facts, set: this.set }
    const store = this.#db?.transaction("batches", "readwrite").objectStore("batches")
    if (!store) return
    localStorage.setItem(this.name, "left")
    await done(store.put(this.batch)).catch(ignore)
  }

  /** Keep a row within a quarter of a second; `flush` waits for it. */
  keep(row) {
    this.#dirty.add(row)
    this.#timer ??= setTimeout(() => this.flush(), FLUSH)
  }

  async flush() {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const rows = [...this.#dirty]
    this.#dirty.clear()
    // A thousand copies in one go would be felt.
    for (let start = 0; start < rows.length; start += AT_ONCE) await this.#put(rows.slice(start, start + AT_ONCE))
  }

  async #put(rows) {
    if (!this.#db) return
    const transaction = this.#db.transaction("files", "readwrite")
    const store = transaction.objectStore("files")
    for (const row of rows) {
      if (row.isRemoved) store.delete([this.set, row.key])
      else store.put({ ...kept(row), set: this.set })
    }
    await done(transaction).catch(ignore)
  }

  async forget(set = this.set) {
    if (!this.#db) return
    if (set === this.set) this.#dirty.clear()
    const transaction = this.#db.transaction(["batches", "files"], "readwrite")
    transaction.objectStore("batches").delete(set)
    transaction.objectStore("files").delete(below(set))
    await done(transaction)
    if (set === this.set) Object.assign(this, { batch: null, set: newSet() })
  }
}

// Its disk is full, or it holds no folders: the upload goes on without a record.
const ignore = () => undefined
// crypto.randomUUID is missing where the page came by plain HTTP.
const newSet = () => `${Date.now()}-${Math.random().toString(36).slice(2)}`
const below = (set) => IDBKeyRange.bound([set], [set, []])
