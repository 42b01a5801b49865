// What a guest sends: a few files at a time, each with its state. Nothing of it is kept on their device.
import { judge } from "./answers.js"
import { RowView } from "./row-view.js"
import { isFailed, isFinished, isUnsent, newRow } from "./rows.js"
import { Sender } from "./sender.js"
import { atMostEvery } from "./step.js"
import { titleOf } from "./totals.js"
import { size, sizeOf } from "./words.js"
import { _, count, ngettext } from "../words/words.js"

const UNLIMITED = { photo: { max: Infinity }, media: { max: Infinity } }

export class Gifts {
  #rows = []
  #views = new Map()

  constructor(form) {
    const part = (name) => document.querySelector(`[data-gifts${name}]`)
    Object.assign(this, { box: part(""), title: part("-title"), line: part("-line"), bar: part("-bar") })
    Object.assign(this, { list: part("-list"), said: part("-said"), template: document.querySelector("[data-upload-row]") })
    const { give: endpoint, part: bytes, atOnce } = form.dataset
    this.atOnce = Number(atOnce)
    this.sender = new Sender(
      { part: Number(bytes), at_once: this.atOnce, endpoint },
      {
        onUrl: () => {},
        onProgress: (row) => this.#move(row),
        onDone: (row) => this.#set(row, "added", { sent: row.size }),
        onFailure: (row, refusal) => this.#refuse(row, refusal),
      },
    )
    this.paint = atMostEvery(100, () => this.#paint())
    addEventListener("beforeunload", (event) => this.#rows.some(isUnsent) && event.preventDefault())
    addEventListener("online", () => this.#rows.filter(isFailed).forEach((row) => row.isLost && this.#retry(row)))
  }

  /** Send files in the name of a guest. */
  add(files, guest) {
    this.box.hidden = false
    for (const file of files) {
      const row = { ...newRow({ path: file.name, file }), guest }
      const view = new RowView(this.template, row, { retry: (row) => this.#retry(row), remove: (row) => this.#remove(row) })
      this.#rows.push(row)
      this.#views.set(row, view)
      this.list.append(view.element)
    }
    this.#next()
    this.#paint()
    this.title.focus()
  }

  #next() {
    while (this.sender.count < this.atOnce) {
      const row = this.#rows.find((each) => each.state === "waiting" && !this.sender.has(each))
      if (!row) break
      this.sender.send(row, { guest: row.guest })
    }
    this.paint()
  }

  #move(row) {
    row.state = row.sent >= row.size ? "finishing" : "sending"
    this.paint()
  }

  #set(row, state, facts = {}) {
    Object.assign(row, { state, ...facts })
    this.#next()
  }

  #retry(row) {
    this.#set(row, "waiting", { reason: undefined, canRetry: false, anew: 0 })
  }

  #remove(row) {
    this.sender.remove(row)
    this.#rows.splice(this.#rows.indexOf(row), 1)
    this.#views.get(row).leave()
    this.#views.delete(row)
    this.#next()
  }

  #refuse(row, refusal) {
    // The link's own answer is a page; what is said of a file is plain text.
    if ([401, 404].includes(refusal.status) && !refusal.sentence) return this.#set(row, "failed", closed())
    const { act, seconds, ...facts } = judge(row, refusal, UNLIMITED)
    if (act === "anew") return this.#set(row, "waiting", { url: undefined, sent: 0, anew: (row.anew ?? 0) + 1 })
    if (act !== "wait") return this.#set(row, "failed", facts)
    this.#set(row, "busy", { until: Date.now() + seconds * 1000 })
    setTimeout(() => row.state === "busy" && this.#set(row, "waiting"), seconds * 1000)
  }

  #paint() {
    for (const view of this.#views.values()) view.draw(false)
    const sum = (amount) => this.#rows.reduce((total, row) => total + amount(row), 0)
    const [whole, sent] = [sum((row) => (isFailed(row) ? 0 : row.size)), sum((row) => (isFailed(row) ? 0 : row.high))]
    const [done, failed] = [this.#rows.filter(isFinished).length, this.#rows.filter(isFailed).length]
    const isOver = !this.#rows.some(isUnsent)
    this.bar.hidden = isOver
    this.bar.value = whole ? sent / whole : 0
    this.title.textContent = isOver ? thanks(done) : titleOf({ finished: done, files: this.#rows.length })
    this.line.textContent = [isOver ? size(whole) : sizeOf(sent, whole), failed ? _("%(number)s failed", { number: count(failed) }) : ""].filter(Boolean).join(" · ")
    if (isOver && this.said.textContent !== this.title.textContent) this.said.textContent = this.title.textContent
    if (this.#rows.some(({ state }) => state === "busy")) setTimeout(this.paint, 1000)
  }
}

const closed = () => ({ reason: _("This link takes nothing any more"), canRetry: false })
const thanks = (number) =>
  !number ? _("Nothing was sent") : ngettext("Thank you: %(number)s file is here", "Thank you: %(number)s files are here", number, { number: count(number) })
