// Sends files by tus: Uppy holds those on their way, a few at a time, and nothing else.
import Uppy from "@uppy/core"
import Tus from "@uppy/tus"
import { patience } from "./patience.js"
import { Refusal, sentenceIn } from "./server.js"

const DELAYS = [500, 1000, 2000, 4000]
const quiet = () => {}
const withJitter = (delay) => delay * (0.8 + 0.4 * Math.random())

/** Calls back `onUrl(row)`, `onProgress(row)`, `onDone(row, {outcome, href})`, `onFailure(row, refusal)`. */
export class Sender {
  #uppy = new Uppy({ logger: { debug: quiet, warn: quiet, error: quiet } })
  #ids = new Map()
  #isHeld = false

  constructor({ part, at_once, endpoint = "/api/uploads" }, calls) {
    this.calls = calls
    this.endpoint = endpoint
    this.atOnce = at_once
    const common = { endpoint, chunkSize: part, limit: at_once, storeFingerprintForResuming: false }
    this.#uppy.use(Tus, { ...common, onShouldRetry: canPass })
    this.#uppy.on("upload-success", (file, { body }) => this.#end(file, (row) => calls.onDone(row, outcome(body.xhr))))
    this.#uppy.on("upload-error", (file) => this.#end(file, (row) => calls.onFailure(row, row.answer ?? new Refusal(0))))
    setInterval(() => this.#shake(), patience() / 6)
  }

  get count() {
    return this.#ids.size
  }

  /** What those on their way need in the end. */
  get bytes() {
    return [...this.#ids.keys()].reduce((sum, row) => sum + row.size, 0)
  }

  has(row) {
    return this.#ids.has(row)
  }

  /** Send a file; `told` is what the server is to know of it besides. */
  send(row, told) {
    const meta = { filename: row.name, filetype: row.type, ...told, relativePath: String(row.key) }
    if (row.modified) meta.modified = String(row.modified)
    if (row.sha256) meta.sha256 = row.sha256
    const tus = {
      uploadUrl: row.url ?? null,
      retryDelays: DELAYS.map(withJitter),
      allowedMetaFields: Object.keys(meta).filter((name) => name !== "relativePath"),
      onBeforeRequest: () => this.#ask(row),
      onAfterResponse: (request, response) => this.#hear(row, request, response),
      onProgress: (sent) => this.#progress(row, sent),
    }
    const id = this.#uppy.addFile({ name: row.name, type: row.type, data: row.file, meta })
    this.#uppy.setFileState(id, { tus }) // adding takes no such options
    this.#ids.set(row, id)
    this.#progress(row, row.url ? row.sent : 0)
    this.#uppy.upload().catch(quiet) // each file's failure is told by its own event
  }

  pause() {
    this.#isHeld = true
    this.#uppy.pauseAll()
  }

  resume() {
    this.#isHeld = false
    for (const row of this.#ids.keys()) row.movedAt = Date.now()
    this.#uppy.resumeAll()
  }

  /** Send this one no longer, and have the server drop what it holds of it. */
  remove(row) {
    const id = this.#ids.get(row)
    this.#ids.delete(row)
    if (id) this.#uppy.removeFile(id)
    else if (row.url) fetch(row.url, { method: "DELETE", headers: { "Tus-Resumable": "1.0.0" } }).catch(quiet)
  }

  #ask(row) {
    row.answer = undefined
    // It was about to begin when everything was paused.
    if (this.#isHeld) throw (row.answer = new Refusal(0, "Paused"))
  }

  #hear(row, request, response) {
    const status = response.getStatus()
    if (status >= 400) {
      const sentence = sentenceIn(response.getBody(), response.getHeader("Content-Type"))
      row.answer = new Refusal(status, sentence, Number(response.getHeader("Retry-After")) || 0)
    }
    if (request.getMethod() === "POST" && response.getHeader("Location")) {
      row.url = new URL(response.getHeader("Location"), new URL(this.endpoint, location)).pathname
      this.calls.onUrl(row)
    }
    // tus would begin anew after any refusal of a HEAD; only of what is gone it shall.
    if (request.getMethod() === "HEAD" && status >= 400 && ![404, 410, 460].includes(status)) throw row.answer
  }

  #progress(row, sent) {
    const bytes = sent - row.sent
    Object.assign(row, { movedAt: Date.now(), sent, high: Math.max(row.high, sent) })
    this.calls.onProgress(row, bytes)
  }

  #end(file, act) {
    const [row] = [...this.#ids].find(([, id]) => id === file.id) ?? []
    if (!row) return
    this.#ids.delete(row)
    // Uppy is still at it when it tells us.
    setTimeout(() => this.#uppy.getFile(file.id) && this.#uppy.removeFile(file.id))
    act(row)
  }

  /** After a sleep some connections never end by themselves. */
  #shake() {
    if (this.#isHeld) return
    for (const [row, id] of this.#ids) {
      if (Date.now() - row.movedAt < patience()) continue
      row.movedAt = Date.now()
      this.#uppy.pauseResume(id)
      this.#uppy.pauseResume(id)
    }
  }
}

/** Whether to try the same request again by itself: the connection broke, or another request was in the way. */
function canPass(error) {
  const status = error.originalResponse?.getStatus() ?? error.causingError?.status ?? 0
  return navigator.onLine && ([0, 409, 423].includes(status) || (status >= 500 && ![503, 507].includes(status)))
}

const outcome = (xhr) => ({
  outcome: xhr.getResponseHeader("Upload-Outcome") ?? "added",
  href: xhr.getResponseHeader("Content-Location") ?? undefined,
})
