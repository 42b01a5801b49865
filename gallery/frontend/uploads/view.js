import { isFinished } from "./rows.js"
import { List } from "./list.js"
import { noticeOf } from "./notice.js"
import { lineOf, titleOf } from "./totals.js"
import { count, files } from "./words.js"
import { _, ngettext } from "../words/words.js"

/** The queue on the page: its head, its notices and its list. On the upload page in place, elsewhere in the dock. */
export class View {
  #notes = ""
  #offered = new Set()

  constructor(acts) {
    const template = document.querySelector("template[data-uploads]")
    this.element = template.content.firstElementChild.cloneNode(true)
    for (const part of this.element.querySelectorAll("[data-part]")) this[part.dataset.part] = part
    this.list = new List(this.queue, document.querySelector("template[data-upload-row]"), acts)
    this.isDock = !document.querySelector("[data-uploads-here]")
    for (const name of ["pause", "resume", "retry", "clear", "goOn", "forget", "accept", "decline"]) this[name].addEventListener("click", acts[`${name}All`])
    this.toggle.addEventListener("click", () => this.#open(this.body.hidden))
    this.skip.addEventListener("click", (event) => (event.preventDefault(), this.end.focus()))
  }

  /** Come onto the page, when there is something to show. */
  enter() {
    if (this.element.isConnected) return
    this.element.classList.toggle("dock", this.isDock)
    document.querySelector(this.isDock ? ".toasts" : "[data-uploads-here]").append(this.element)
    this.#open(!this.isDock)
  }

  leave() {
    this.element.remove()
  }

  #open(isOpen) {
    this.body.hidden = !isOpen
    this.toggle.hidden = !this.isDock
    this.toggle.setAttribute("aria-expanded", String(isOpen))
    this.toggle.setAttribute("aria-label", isOpen ? _("Hide the files") : _("Show the files"))
    this.list.render()
  }

  /** Say something that stays until something else is to be said. */
  note(sentence) {
    this.#notes = sentence
  }

  /** Offer the names of folders as those of albums, beside those that are offered already. */
  offer(folders) {
    const known = this.#offered.size
    for (const name of folders) this.#offered.add(name)
    if (this.#offered.size === known) return
    this.enter()
    this.#open(true)
    this.offerBox.hidden = false
    write(this.offered, questionOf([...this.#offered]))
  }

  /** Take the offer off the page, and return it. */
  takeOffer() {
    const offered = [...this.#offered]
    this.#offered.clear()
    this.title.focus() // the pressed button goes
    this.offerBox.hidden = true
    return offered
  }

  draw(queue, sums) {
    const mayPause = sums.unsent > sums.missing
    this.#head(titleOf(sums), lineOf(sums) + whereTo(queue.albums), sums.bytes ? sums.got / sums.bytes : 0)
    this.pause.hidden = queue.isPaused || !mayPause
    this.resume.hidden = !queue.isPaused || !mayPause
    this.retry.hidden = !queue.rows.some((row) => row.canRetry && row.file)
    this.clear.hidden = !queue.rows.some((row) => isFinished(row) && !row.isDismissed)
    this.receipt.hidden = sums.unsent > 0 || !queue.batch
    if (queue.batch) this.receipt.href = queue.batch.href
    this.#warn(noticeOf(queue.hold, [...refusalsOf(queue.albums), this.#notes].filter(Boolean).join(" ")))
    this.#again(queue, sums)
    this.list.isPaused = queue.isPaused
    this.list.rows = queue.rows.filter((row) => !row.isDismissed)
    this.skip.hidden = this.list.rows.length < 10
    this.list.render()
  }

  /** Show how far another tab is. */
  mirror({ title, line, value }) {
    this.element.classList.add("uploads-elsewhere")
    this.#head(title, line, value)
    this.#warn({ sentence: _("It runs in another tab of this browser. What you drop here is added there.") })
  }

  #head(title, line, value) {
    write(this.title, title)
    write(this.line, line)
    this.bar.value = value
  }

  #warn({ sentence, mustSignIn }) {
    this.notice.hidden = !sentence
    write(this.warning, sentence)
    this.signIn.hidden = !mustSignIn
  }

  #again(queue, { missing, files: all }) {
    this.again.hidden = missing === 0
    write(this.stillToCome, stillOf(missing, all))
    this.goOn.hidden = !queue.record.batch?.folders?.length
  }
}

const stillOf = (missing, all) =>
  ngettext("%(number)s of %(files)s is still to come", "%(number)s of %(files)s are still to come", missing, {
    number: count(missing),
    files: files(all),
  })

function questionOf(folders) {
  const names = some(folders)
  return folders.length === 1 ? _("Put these into the album %(names)s?", { names }) : _("Put each folder into an album of its name: %(names)s?", { names })
}

function whereTo(albums) {
  const titles = distinct(albums, "title")
  return titles.length ? " · " + _("into %(names)s", { names: some(titles) }) : ""
}

const refusalsOf = (albums) => distinct(albums, "refusal")
const distinct = (albums, name) => [...new Set([...albums.values()].map((told) => told[name]).filter(Boolean))]
const some = (names) => names.slice(0, 3).map((name) => _("“%(word)s”", { word: name })).join(", ") + (names.length > 3 ? ", …" : "")

function write(element, text) {
  if (element.textContent !== text) element.textContent = text
}

