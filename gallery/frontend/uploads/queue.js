// The queue: what is chosen, where each file stands, and the steps that bring it on.
import { judge } from "./answers.js"
import { Hold } from "./hold.js"
import { matching } from "./matching.js"
import { isFailed, isFinished, isUnsent, newRow, rowOf } from "./rows.js"
import { steps } from "./steps.js"
import { take } from "./limits.js"
import { Sender } from "./sender.js"
import { _ } from "../words/words.js"

const LOSSES = 4

export class Queue extends EventTarget {
  rows = []
  batch = null
  limits = null
  areLimitsOld = true
  /** Whether the server may have given ids that did not arrive here. */
  areIdsUnsure = false
  /** The server's ids of what was taken out again. */
  removed = []
  /** Bytes that went over the wire. */
  moved = 0
  isPaused = false
  /** What the server said of each album that something is meant for. */
  albums = new Map()
  /** The address of what is stored already, by digest. */
  known = new Map()

  constructor({ record, digest, person }) {
    super()
    Object.assign(this, { record, digest })
    this.hold = new Hold(person, () => this.#flow())
    this.steps = steps(this)
  }

  get isHeld() {
    return this.isPaused || this.hold.reason !== ""
  }

  /** Take files in, as {path, file}; those the record knows go on where they were. Returns how many were here. */
  add(entries) {
    const find = matching(this.rows)
    let here = 0
    for (const { path, file, into } of entries) {
      const row = find(path, file)
      if (row && isFinished(row)) here++
      if (row) this.#attach(row, file)
      else this.keep(this.rows[this.rows.push(newRow({ path, file, into })) - 1])
      if (row && into) this.putInto(into, [row])
    }
    this.turn()
    return here
  }

  /** Take up a batch again of which some files are not in the library, as its receipt has it. */
  async adopt({ batch, href, files }) {
    if (!files.length) return
    await this.begin({ batch, href })
    for (const file of files) this.keep(this.rows[this.rows.push(rowOf(file)) - 1])
  }

  #attach(row, file) {
    Object.assign(row, { file, type: file.type, modified: file.lastModified })
    if (isFailed(row) && row.canRetry) this.retry(row)
    this.keep(row)
  }

  /** Bring everything on as far as it can go now. */
  turn() {
    for (const step of this.steps) step()
  }

  turnIn(milliseconds) {
    this.timer ??= setTimeout(() => {
      this.timer = undefined
      this.turn()
    }, milliseconds)
  }

  keep(row) {
    this.record.keep(row)
    this.dispatchEvent(new CustomEvent("change", { detail: row }))
  }

  set(row, state, facts = {}) {
    Object.assign(row, { state, ...facts })
    this.keep(row)
  }

  pause() {
    this.isPaused = true
    this.#flow()
  }

  resume() {
    this.isPaused = false
    this.#flow()
  }

  #flow() {
    if (this.isHeld) this.sender?.pause()
    else {
      this.sender?.resume()
      this.rows.filter((row) => isFailed(row) && row.isLost && row.losses < LOSSES).forEach((row) => this.#again(row))
    }
    this.dispatchEvent(new CustomEvent("change"))
    this.turn()
  }

  retry(row) {
    this.areLimitsOld = true // what was no room may be some by now
    this.#again(row)
    this.turn()
  }

  retryAll() {
    this.rows.filter((row) => isFailed(row) && row.canRetry && row.file).forEach((row) => this.retry(row))
  }

  #again(row) {
    this.set(row, "waiting", { reason: undefined, canRetry: false, isLost: false, anew: 0 })
  }

  /** Take out what is not sent yet. */
  remove(row) {
    row.isRemoved = true
    this.rows.splice(this.rows.indexOf(row), 1)
    this.sender?.remove(row)
    if (row.id) this.removed.push(row.id)
    this.keep(row)
    this.turn()
  }

  prepareSender() {
    this.sender ??= new Sender(this.limits, {
      onUrl: (row) => (this.keep(row), this.record.flush()),
      onProgress: (row, bytes) => this.#moved(row, bytes),
      onDone: (row, outcome) => this.finish(row, outcome),
      onFailure: (row, refusal) => this.refuse(row, refusal),
    })
  }

  #moved(row, bytes) {
    this.moved += Math.max(0, bytes)
    if (bytes > 0) row.losses = 0
    row.state = row.sent >= row.size ? "finishing" : "sending"
    this.dispatchEvent(new CustomEvent("change", { detail: row }))
  }

  finish(row, { outcome, href }) {
    if (outcome === "added") take(this.limits, row.size)
    if (row.sha256 && href) this.known.set(row.sha256, href)
    this.set(row, outcome, { href, url: undefined, sent: row.size, high: row.size })
    this.turn()
  }

  refuse(row, refusal) {
    const { act, ...facts } = judge(row, refusal, this.limits)
    if (refusal.sentence === "Paused" || act === "sign-in") this.set(row, "waiting")
    if (act === "sign-in") this.hold.begin("signed-out")
    if (act === "anew") this.set(row, "waiting", { url: undefined, sent: 0, anew: (row.anew ?? 0) + 1 })
    if (act === "wait") this.#waitBusy(row, facts.seconds)
    if (act === "fail" && refusal.sentence !== "Paused") this.#fail(row, facts)
    this.turn()
  }

  #waitBusy(row, seconds) {
    this.set(row, "busy", { until: Date.now() + seconds * 1000 })
    setTimeout(() => {
      if (row.state === "busy") this.set(row, "waiting")
      this.turn()
    }, seconds * 1000)
  }

  async #fail(row, { isLost, ...facts }) {
    row.losses = (row.losses ?? 0) + 1
    if (isLost && !navigator.onLine) this.set(row, "waiting")
    else if (isLost && !(await isReadable(row.file))) {
      this.set(row, "failed", { reason: _("This file was moved or changed. Choose it again"), canRetry: false })
    } else {
      this.set(row, "failed", { ...facts, isLost })
      if (isLost) this.hold.begin("lost")
    }
  }

  /** Go on with a batch of an earlier visit; it may have had more ids from the server than were written down. */
  goOn(batch) {
    this.batch = batch
    this.areIdsUnsure = true
  }

  /** Forget everything here; what the record holds stays. */
  empty() {
    this.rows = []
    this.batch = null
  }

  begin({ batch, href }) {
    this.batch = { batch, href }
    return this.record.keepBatch(this.batch)
  }

  /** Have files go into an album: one that is there, or one of a title. */
  putInto(into, rows) {
    for (const row of rows) {
      Object.assign(row, { into, isPlaced: false })
      this.keep(row)
    }
    this.turn()
  }

  /** Begin another batch: the server knows this one no longer. */
  forgetBatch() {
    this.batch = null
    this.areIdsUnsure = false
    for (const row of this.rows) {
      row.isUntold = false
      row.isPlaced = !isUnsent(row) // what it has of the others, it puts nowhere any more
      if (isUnsent(row)) row.id = undefined
    }
  }
}

async function isReadable(file) {
  try {
    await file.slice(0, 1).arrayBuffer()
    return true
  } catch {
    return false
  }
}
