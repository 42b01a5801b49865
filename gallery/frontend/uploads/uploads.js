// Uploading: loaded on use, begun once on a page. What a person does comes in here.
import { announcer } from "./announce.js"
import { reopened } from "./folders.js"
import { hashing } from "./hashing.js"
import { Queue } from "./queue.js"
import { openRecord } from "./record.js"
import { isFinished, isMissing, isToPlace, isToSend, isUnsent, rowAgain } from "./rows.js"
import { ask } from "./server.js"
import { atMostEvery } from "./step.js"
import { Tab } from "./tabs.js"
import { lineOf, titleOf, totals } from "./totals.js"
import { View } from "./view.js"
import { walk } from "./walk.js"
import { count, ngettext } from "../words/words.js"

const PORTION = 500
const SETTLE = 250

/** Open the queue of this page: `take(sources)` adds to it, `look()` shows what an earlier visit has left. */
export async function open() {
  const { person, worker } = document.querySelector("template[data-uploads]").dataset
  const record = await openRecord(person)
  return new Uploads(person, record, hashing(worker))
}

class Uploads {
  constructor(person, record, digest) {
    this.queue = new Queue({ record, digest, person })
    this.record = record
    this.view = new View(this.#acts())
    this.sum = totals()
    this.announce = announcer(document.querySelector("[data-uploads-said]"))
    this.paint = atMostEvery(100, () => this.#paint())
    this.share = atMostEvery(500, () => this.#share())
    this.tab = new Tab(person, {
      onState: (state) => this.#mirror(state),
      onEntries: (entries) => this.#add(entries),
      onAsked: () => this.#share(),
    })
    this.queue.addEventListener("change", this.paint)
    addEventListener("beforeunload", (event) => this.#isAtWork() && event.preventDefault())
    addEventListener("pagehide", () => this.tab.leave(this.queue.rows.filter(isToSend).map(({ path, file, into }) => ({ path, file, into }))))
  }

  /** Show what is still to come from an earlier visit, or what another tab is at. */
  async look() {
    return (await this.tab.isElsewhere()) ? this.#standBy() : this.#restore()
  }

  /** Show how far another tab is. When it is gone, go on with what it has left. */
  async #standBy() {
    if (this.isStandingBy) return
    this.isStandingBy = true
    this.tab.askOthers()
    await this.tab.wait()
    await new Promise((resolve) => setTimeout(resolve, SETTLE)) // what was said before may come after the lock
    this.isStandingBy = false
    this.view.leave()
    this.view.element.classList.remove("uploads-elsewhere")
    const entries = this.tab.takeOver()
    if (entries.length || this.queue.rows.some(isMissing)) this.queue.empty() // the record knows better
    await this.#restore()
    this.#add(entries)
    if (!this.#isAtWork()) this.tab.release()
    this.paint()
  }

  /** Take in what was dropped, chosen or pasted on this page. */
  takeHere(sources) {
    return this.take(sources, albumHere())
  }

  /** Take in what was chosen, for an album if one is told. */
  async take(sources, into) {
    const isMine = await this.tab.claim()
    if (isMine) await this.#restore()
    const portion = []
    let here = 0
    const tops = new Set()
    const hand = () => {
      const entries = portion.splice(0)
      for (const top of topsOf(entries)) tops.add(top)
      if (isMine) here += this.queue.add(entries)
      else this.tab.handOver(entries)
    }
    const leftOut = []
    const found = (path, file) => portion.push({ path, file, into }) >= PORTION && hand()
    const folders = await walk(sources, found, (name) => leftOut.push(name))
    hand()
    this.view.note([leftOutOf(leftOut), hereOf(here)].filter(Boolean).join(" "))
    if (!isMine) return this.#standBy()
    this.#offer(tops)
    await this.record.keepBatch({ folders: [...(this.record.batch?.folders ?? []), ...folders] })
    this.paint()
  }

  /** Take in what another tab has handed over. */
  #add(entries) {
    this.queue.add(entries)
    this.#offer(topsOf(entries))
  }

  /** Offer albums of the names of folders, as far as something in them is meant for none. */
  #offer(tops) {
    this.view.offer([...tops].filter((top) => this.#lone(top).length))
  }

  #lone(top) {
    return this.queue.rows.filter(({ path, into }) => !into && path.startsWith(`${top}/`))
  }

  /** Go on with what an earlier visit has left, unless something is here already; two that ask at once share one answer. */
  #restore() {
    return (this.restoring ??= this.#recall().finally(() => (this.restoring = undefined)))
  }

  async #recall() {
    if (this.queue.rows.length) return
    const left = await this.record.load()
    if (this.queue.rows.length) return
    if (!left) return this.#adopt()
    this.queue.rows.push(...left.rows.map(rowAgain))
    if (left.batch.batch) this.queue.goOn(left.batch)
    this.queue.turn()
    this.paint()
  }

  /** Go on with the receipt that a person came from, if it lacks something. */
  async #adopt() {
    const batch = new URLSearchParams(location.search).get("again")
    if (!batch) return
    await this.queue.adopt(await ask(`/api/uploads/batches/${encodeURIComponent(batch)}/missing`))
    this.paint()
  }

  #isAtWork() {
    return this.queue.rows.some(isToSend)
  }

  #paint() {
    const { queue, view } = this
    if (!queue.rows.length) return view.leave()
    const sums = this.sum(queue)
    view.enter()
    view.draw(queue, sums)
    this.announce(queue, sums)
    this.state = { title: titleOf(sums), line: lineOf(sums), value: sums.bytes ? sums.got / sums.bytes : 0 }
    if (this.tab.isMine) this.share()
    this.#tell(this.state)
    this.#tend(sums)
    if (queue.rows.some(({ state }) => state === "busy")) setTimeout(this.paint, 1000)
  }

  /** Hold the lock and the record as long as something is to be sent. */
  async #tend({ unsent }) {
    if (this.queue.rows.some(isToPlace)) return
    if (unsent && this.#isAtWork() && !this.tab.isMine && (await this.tab.claim())) {
      await this.record.keepBatch(this.queue.batch)
    }
    if (!unsent && this.tab.isMine && this.queue.removed.length === 0) {
      this.#share()
      this.tab.tellDone()
      await this.record.flush()
      if (this.#isAtWork()) return
      await this.record.forget()
      this.tab.release() // last: who waits for it reads the record
    }
  }

  #share() {
    if (this.state) this.tab.share(this.state)
  }

  /** Tell the page, as often as more is finished: a list on it may have grown. */
  #tell({ title }) {
    if (this.told !== title) dispatchEvent(new CustomEvent("uploaded"))
    this.told = title
  }

  #mirror(state) {
    if (this.#isAtWork()) return
    this.#tell(state)
    this.view.enter()
    this.view.mirror(state)
    this.#standBy()
  }

  #acts() {
    const { queue } = this
    return {
      retry: (row) => queue.retry(row),
      remove: (row) => queue.remove(row),
      pauseAll: () => this.#switch(() => queue.pause(), "resume"),
      resumeAll: () => this.#switch(() => queue.resume(), "pause"),
      retryAll: () => queue.retryAll(),
      clearAll: () => this.#clear(),
      goOnAll: async () => this.take(await reopened(this.record.batch.folders)),
      forgetAll: () => this.#forget(),
      acceptAll: () => this.#putIntoAlbums(this.view.takeOffer()),
      declineAll: () => this.view.takeOffer(),
    }
  }

  /** Pause or go on, and put the focus on the button that does the opposite: the pressed one goes. */
  #switch(act, opposite) {
    act()
    this.#paint()
    this.view[opposite].focus()
  }

  /** Make an album of each folder. All may have been sent, and forgotten: what is to do is kept anew. */
  async #putIntoAlbums(folders) {
    for (const title of folders) this.queue.putInto({ title }, this.#lone(title))
    if (await this.tab.claim()) await this.record.keepBatch(this.queue.batch)
    await this.record.flush()
    this.paint()
  }

  #clear() {
    for (const row of this.queue.rows) row.isDismissed ||= isFinished(row)
    this.paint()
  }

  /** Give up what is still to come, here and on the receipt. */
  async #forget() {
    for (const row of this.queue.rows.filter((row) => isUnsent(row) && !row.file)) this.queue.remove(row)
    await this.record.flush()
    if (!this.#isAtWork()) await this.record.forget()
    this.paint()
  }
}

/** The album that the upload form names, or that this page is of. */
function albumHere() {
  const { title, album } = document.querySelector("form[data-upload]")?.elements ?? {}
  if (title?.value.trim()) return { title: title.value.trim() }
  const slug = album?.value || document.querySelector("template[data-uploads]").dataset.album
  return slug ? { album: slug } : undefined
}

/** The folders as they were chosen, of what goes into no album. */
const topsOf = (entries) => new Set(entries.filter(({ path, into }) => !into && path.includes("/")).map(({ path }) => path.split("/")[0]))
const leftOutOf = (names) =>
  names.length
    ? ngettext(
        "%(number)s file left out: hidden, or not made by people (%(names)s).",
        "%(number)s files left out: hidden, or not made by people (%(names)s).",
        names.length,
        { number: count(names.length), names: [...new Set(names)].slice(0, 3).join(", ") },
      )
    : ""
const hereOf = (number) =>
  number
    ? ngettext(
        "%(number)s file of these had been uploaded already.",
        "%(number)s files of these had been uploaded already.",
        number,
        { number: count(number) },
      )
    : ""
