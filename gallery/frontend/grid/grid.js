import { letterOf, ratioOf } from "./rows.js"
import { Section } from "./section.js"

const grids = new WeakMap()

/** The list of photos that an element on the page stands in. */
export function gridOf(element) {
  const root = element.closest("[data-grid]")
  return grids.get(root) ?? new Grid(root)
}

/** All sections of a list by their shape, what lies beside them, and how many came since another shape was so; null where they do not come. */
export async function shapeOf({ dataset }, { asOf } = {}) {
  const address = new URL(dataset.shape, location)
  if (asOf) address.searchParams.set("since", asOf)
  const answer = await fetch(address).catch(() => null)
  return answer?.ok ? { ...(await answer.json()), asOf: answer.headers.get("As-Of") } : null
}

/** A list of photos: all of its sections, also those whose tiles are far away and not there. */
export class Grid {
  sections = []
  count = 0

  constructor(root) {
    this.root = root
    this.#take([...root.querySelectorAll(":scope > .section")].map((element) => this.#found(element)))
    grids.set(root, this)
    root.addEventListener("grid:gone", ({ detail }) => this.drop(detail))
  }

  /** Put every section of a list on the page; those that are there stay as they are. */
  build({ sections, asOf }) {
    this.asOf = asOf
    const there = new Map(this.sections.map(({ key, first, element }) => [`${key} ${first}`, element]))
    const model = document.querySelector("template[data-section-model]").content.firstElementChild
    let place = this.sections[0]?.element ?? null
    const kept = sections.map((outline) => {
      const name = `${outline.key} ${outline.first}`
      const element = there.get(name) ?? model.cloneNode(true)
      tell(element, outline)
      if (there.delete(name)) place = element.nextElementSibling
      else this.root.insertBefore(element, place)
      return new Section(outline, element, this.root.dataset.section)
    })
    for (const element of there.values()) element.remove()
    this.#take(kept)
    this.measure()
  }

  /** Give each section the height that its photos will have. */
  measure() {
    const list = this.sections[0]?.list
    if (!list) return
    const style = getComputedStyle(list)
    const sizes = {
      width: list.getBoundingClientRect().width,
      row: Number.parseFloat(style.getPropertyValue("--row")),
      gap: Number.parseFloat(style.columnGap),
    }
    for (const section of this.sections) section.measure(sizes)
  }

  /** Take over the shapes that tiles have by now. */
  look() {
    for (const section of this.sections) section.look()
    this.measure()
  }

  sectionAt(index) {
    return this.sections.findLast(({ start }) => start <= index)
  }

  sectionOf(tile) {
    const element = tile.closest(".section")
    return this.sections.find((section) => section.element === element)
  }

  indexOf(tile) {
    const section = this.sectionOf(tile)
    return section ? section.start + [...section.tiles].indexOf(tile) : -1
  }

  ratio(index) {
    const section = this.sectionAt(index)
    return ratioOf(section.shape[index - section.start])
  }

  /** The tile of a photo, brought in if it is not there. */
  async tile(index) {
    const section = this.sectionAt(index)
    await section.fill()
    return section.tiles[index - section.start]
  }

  /** The tile of a photo, brought into view. */
  async reveal(index, how = { block: "nearest" }) {
    const section = this.sectionAt(index)
    if (!section.isFilled) section.element.scrollIntoView({ ...how, behavior: "instant" })
    const tile = await this.tile(index)
    tile?.scrollIntoView({ ...how, behavior: "instant" })
    return tile
  }

  drop(id) {
    const tile = this.root.querySelector(`.tile[data-id="${CSS.escape(id)}"]`)
    if (!tile) return
    const section = this.sectionOf(tile)
    section.drop(tile)
    if (!section.count) section.element.remove()
    this.#take(this.sections.filter(({ count }) => count))
    this.measure()
  }

  #found(element) {
    const list = [...element.querySelectorAll(".tile")]
    const letters = list.map(letterOf).join("")
    return new Section({ key: element.dataset.key, first: element.dataset.first, shape: letters }, element)
  }

  #take(sections) {
    this.sections = sections
    this.count = 0
    for (const section of sections) {
      section.start = this.count
      this.count += section.count
    }
  }
}

/** Say which section it is, and how much it holds by now. */
function tell(element, { key, first, title, note }) {
  Object.assign(element.dataset, { key, first })
  // What goes on with a month has neither its heading nor its tick.
  if (!title) return element.querySelectorAll(":scope > :is(h2, .section-tick)").forEach((part) => part.remove())
  const heading = element.querySelector("h2")
  heading.id = `m-${key}`
  element.setAttribute("aria-labelledby", heading.id)
  heading.querySelector("[data-title]").textContent = title
  heading.querySelector("small").textContent = note
  const tick = element.querySelector("[name=section]")
  if (tick) Object.assign(tick, { value: key, ariaLabel: tick.ariaLabel.replace("{}", title) })
}
