// What keeps the queue waiting besides the person: no connection, a busy server, being signed out.
import { ask, person } from "./server.js"

const FIRST = 1000
const LONGEST = 30_000
const SOON = 10_000
const SIGNED_OUT = 15_000

/** Holds the queue and finds out when it may go on. Calls `onChange` when that changes. */
export class Hold {
  reason = ""
  sentence = ""

  constructor(who, onChange) {
    this.who = who
    this.onChange = onChange
    addEventListener("offline", () => this.begin("offline"))
    for (const event of ["online", "focus"]) addEventListener(event, () => this.reason && this.#look())
    if (!navigator.onLine) this.reason = "offline"
  }

  begin(reason, { sentence = "", seconds = 0 } = {}) {
    if (["signed-out", "other", reason].includes(this.reason)) return
    // What fails again soon after it was looked at has to wait longer and longer.
    const isAgain = performance.now() - this.endedAt < SOON
    Object.assign(this, { reason, sentence, delay: Math.max(seconds * 1000, isAgain ? this.delay : FIRST) })
    this.onChange()
    this.#wait()
  }

  #wait() {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.#look(), this.reason === "signed-out" ? SIGNED_OUT : this.delay)
    this.delay = Math.min(LONGEST, this.delay * 2)
  }

  async #look() {
    const reason = await this.#found()
    if (reason) {
      this.reason = reason
      this.#wait()
    } else {
      clearTimeout(this.timer)
      Object.assign(this, { reason: "", endedAt: performance.now() })
    }
    this.onChange()
  }

  async #found() {
    try {
      await ask("/limits.json")
      if (this.reason !== "signed-out" && this.reason !== "other") return ""
      return (await person()) === this.who ? "" : "other"
    } catch (refusal) {
      if (refusal.status === 401) return "signed-out"
      return navigator.onLine ? "lost" : "offline"
    }
  }
}
