import { RowView } from "./row-view.js"

const SPARE = 8

/** The list of rows: only those in sight, and a few around them, are on the page. */
export class List {
  #views = new Map()
  rows = []
  isPaused = false

  constructor(element, template, acts) {
    Object.assign(this, { element, template, acts })
    const again = () => (this.frame ??= requestAnimationFrame(() => ((this.frame = undefined), this.render())))
    addEventListener("scroll", again, { passive: true, capture: true })
    addEventListener("resize", again)
  }

  render() {
    const height = parseFloat(getComputedStyle(this.element).getPropertyValue("--job"))
    this.element.style.setProperty("height", `${this.rows.length * height}px`)
    const places = this.#inSight(height)
    const wanted = new Set(places.map((place) => this.rows[place]))
    for (const [row, view] of this.#views) if (!wanted.has(row)) this.#leave(row, view)
    places.forEach((place, order) => this.#draw(place, order, height))
  }

  #inSight(height) {
    const { top, bottom } = this.element.getBoundingClientRect()
    if (!this.element.offsetParent) return []
    const number = this.rows.length
    const above = Math.floor(-top / height) - SPARE
    const below = Math.ceil((Math.min(bottom, innerHeight) - top) / height) + SPARE
    // Also when it is out of sight Tab leads to its first or its last rows.
    const first = Math.max(0, Math.min(above, number - SPARE))
    const last = Math.min(number, Math.max(below, SPARE))
    return this.#withFocused(Array.from({ length: Math.max(0, last - first) }, (_, step) => first + step))
  }

  /** The row that has the focus stays, however far one scrolls. */
  #withFocused(places) {
    const held = [...this.#views.values()].find(({ element }) => element.contains(document.activeElement))
    const place = held ? this.rows.indexOf(held.row) : -1
    if (place < 0 || places.includes(place)) return places
    return [...places, place].sort((one, other) => one - other)
  }

  #draw(place, order, height) {
    const row = this.rows[place]
    if (!this.#views.has(row)) this.#views.set(row, new RowView(this.template, row, this.acts))
    const view = this.#views.get(row)
    view.place(place, this.rows.length, height)
    // Moving an element takes its focus, so only what stands wrong is moved.
    const standing = this.element.children[order]
    if (standing !== view.element) this.element.insertBefore(view.element, standing ?? null)
    view.draw(this.isPaused)
  }

  #leave(row, view) {
    this.#views.delete(row)
    view.leave()
  }
}
