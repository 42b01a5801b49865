import { gridOf } from "../grid/grid.js"

const boxOf = (tile) => tile.querySelector(".tick input")
const monthOf = (section) => section.dataset.key?.slice(0, 7)

/** What is chosen in a list: known here and not by the ticks, since tiles come and go. */
export class Picked {
  isAll = false
  months = new Set()
  // Photos that were chosen, or left out of what was chosen whole: of each its month.
  ids = new Map()
  without = new Map()

  constructor(form) {
    this.form = form
  }

  get isAny() {
    return this.count > 0
  }

  get count() {
    const grid = gridOf(this.form)
    if (this.isAll) return (grid?.count ?? 0) - this.without.size
    const ofMonths = grid?.sections.filter(({ element }) => this.months.has(monthOf(element))) ?? []
    return ofMonths.reduce((sum, { count }) => sum + count, this.ids.size - this.without.size)
  }

  has(tile) {
    const id = tile.dataset.id
    return this.#isWithin(tile) ? !this.without.has(id) : this.ids.has(id)
  }

  set(tile, isOn) {
    const box = boxOf(tile)
    if (!box) return
    box.checked = isOn
    const isWithin = this.#isWithin(tile)
    const named = isWithin ? this.without : this.ids
    if (isOn === isWithin) named.delete(tile.dataset.id)
    else named.set(tile.dataset.id, monthOf(tile.closest(".section")))
  }

  /** Take a month whole, or let it go. */
  setMonth(month, isOn) {
    this.months[isOn ? "add" : "delete"](month)
    for (const named of [this.ids, this.without]) {
      for (const [id, its] of named) if (its === month) named.delete(id)
    }
    this.paint()
  }

  /** Take the month of a section; in a list where none has a tick, the photos that are in it. */
  takeSection(section) {
    const month = monthOf(section)
    if (this.form.querySelector(`[name=section][value="${month}"]`)) return this.setMonth(month, true)
    for (const tile of section.querySelectorAll(".tile")) this.set(tile, true)
  }

  setAll(isOn) {
    this.clear()
    this.isAll = isOn
    this.paint()
  }

  clear() {
    this.isAll = false
    for (const each of [this.ids, this.months, this.without]) each.clear()
    this.paint()
  }

  /** Tick what is chosen, of all tiles or of those that just came. */
  paint(root = this.form) {
    for (const tile of root.querySelectorAll(".tile")) {
      const box = boxOf(tile)
      if (box) box.checked = this.has(tile)
    }
    for (const box of root.querySelectorAll("[name=section]")) box.checked = this.isAll || this.months.has(box.value)
    for (const box of this.form.querySelectorAll("[name=all]")) box.checked = this.isAll
  }

  /** Say in a form what is chosen: months and all of it as that, and what is not on the page too. */
  say(data) {
    for (const name of ["id", "section", "all", "except"]) data.delete(name)
    if (this.isAll) data.set("all", "1")
    else {
      for (const id of this.ids.keys()) data.append("id", id)
      for (const month of this.months) data.append("section", month)
    }
    for (const id of this.without.keys()) data.append("except", id)
    // Whole months go up to what the page shows by now, and not to what comes later.
    const { asOf } = gridOf(this.form)
    if (asOf && data.has("upto")) data.set("upto", asOf)
  }

  /** Take over what is ticked on the page. */
  adopt() {
    for (const box of this.form.querySelectorAll("[name=section]:checked")) this.months.add(box.value)
    for (const box of this.form.querySelectorAll(".tile .tick input:checked")) this.set(box.closest(".tile"), true)
    this.paint()
  }

  save() {
    const { isAll, ids, months, without } = this
    return this.isAny && { isAll, ids: [...ids], months: [...months], without: [...without] }
  }

  restore({ isAll, ids, months, without }) {
    this.isAll = isAll
    this.ids = new Map(ids)
    this.months = new Set(months)
    this.without = new Map(without)
    this.paint()
  }

  #isWithin(tile) {
    return this.isAll || this.months.has(monthOf(tile.closest(".section")))
  }
}
