import { heightOf, letterOf } from "./rows.js"

/** A month, or a part of one: its place on the page, and its tiles while they are near. */
export class Section {
  #loading = null
  #aborter = null

  constructor({ key, first, shape }, element, address) {
    Object.assign(this, { key, first, shape, element, address, start: 0 })
    this.list = element.querySelector(".grid")
    this.isFilled = this.list.childElementCount === shape.length
  }

  get isFilled() {
    return this.list.ariaBusy === "false"
  }

  set isFilled(isFilled) {
    this.list.ariaBusy = String(!isFilled)
  }

  get count() {
    return this.shape.length
  }

  get tiles() {
    return this.list.querySelectorAll(":scope > .tile")
  }

  measure(sizes) {
    this.list.style.setProperty("min-block-size", `${heightOf(this.shape, sizes)}px`)
  }

  /** Bring the tiles in, unless they are there. Returns whether they are. */
  async fill() {
    if (this.isFilled) return true
    this.#loading ??= this.#load().finally(() => (this.#loading = null))
    return this.#loading
  }

  async #load() {
    this.#aborter = new AbortController()
    const address = new URL(this.address, location)
    address.searchParams.set("from", this.first)
    address.searchParams.set("size", this.count)
    const { signal } = this.#aborter
    const [answer, tiles] = await read(address, signal).catch(() => [{ ok: false }])
    if (signal.aborted) return false
    if (answer.status === 404) return this.#tell("grid:changed")
    if (!answer.ok) return this.#fail()
    const model = document.createElement("template")
    model.innerHTML = tiles
    this.list.replaceChildren(...model.content.querySelectorAll(".tile"))
    this.#name(model.content.querySelector("[data-places]"))
    this.isFilled = true
    this.look()
    this.#tell("grid:filled")
    return true
  }

  /** Say in its heading, if it has one, where most of it was taken. */
  #name(places) {
    const heading = this.element.querySelector("h2")
    heading?.querySelector("[data-places]")?.remove()
    if (places) heading?.append(places)
  }

  /** Show it from its heading on. */
  show() {
    scrollTo({ top: topOf(this.element), behavior: "instant" })
  }

  look() {
    if (this.isFilled) this.shape = [...this.tiles].map(letterOf).join("")
  }

  /** Stop bringing tiles in that nobody looks at any more. */
  leave() {
    this.#aborter?.abort()
  }

  /** Take the tiles out again; the height stays. */
  empty() {
    if (!this.isFilled || this.list.contains(document.activeElement)) return
    // A picture that is on its way would still come, before those that are looked at, and keep its tile until then.
    for (const image of this.list.querySelectorAll("img")) {
      if (!image.complete) ["srcset", "src"].forEach((name) => image.removeAttribute(name))
    }
    this.list.replaceChildren()
    this.isFilled = false
  }

  /** Take one photo out for good. */
  drop(tile) {
    const place = [...this.tiles].indexOf(tile)
    tile.remove()
    this.shape = this.shape.slice(0, place) + this.shape.slice(place + 1)
    this.first = this.tiles[0]?.dataset.id ?? this.first
  }

  #fail() {
    const model = document.querySelector("template[data-section-failed]").content.cloneNode(true)
    model.querySelector("button").addEventListener("click", () => this.fill())
    this.list.replaceChildren(model)
    return false
  }

  #tell(name) {
    this.element.dispatchEvent(new CustomEvent(name, { bubbles: true, detail: this }))
    return false
  }
}

/** The place of the window that puts an element under the bar. */
export const topOf = (element) => element.getBoundingClientRect().top + scrollY - edge()

export const edge = () => Number.parseFloat(getComputedStyle(document.documentElement).scrollPaddingBlockStart) || 0

async function read(address, signal) {
  const answer = await fetch(address, { signal })
  return [answer, await answer.text()]
}
