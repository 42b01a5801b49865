import { gridOf, shapeOf } from "./grid.js"
import { atMostEvery, step } from "../uploads/step.js"
import { count, ngettext } from "../words/words.js"

const OFTEN = 4000 // ms at least between two looks: of a large list, its shape is some work

let seek

/** Look whether something has come into the list, soon; photos that come are shown on demand, and move nothing before. */
export function look(place) {
  // One after the other: an answer that is late would be told in place of a newer one.
  seek ??= atMostEvery(OFTEN, step(() => tell(place)))
  seek()
}

async function tell(place) {
  const root = document.querySelector("[data-grid]")
  const grid = root && gridOf(root)
  const fresh = await shapeOf(place, grid ?? {})
  const grown = (fresh?.sections ?? []).reduce((sum, { shape }) => sum + shape.length, -(grid?.count ?? 0))
  // Beside what came, some may have gone; and what was put here may have been in the gallery for long.
  const number = Math.max(grown, fresh?.came ?? 0)
  if (number <= 0) return place.replaceChildren()

  const words = ngettext("%(number)s new photo · Show", "%(number)s new photos · Show", number, { number: count(number) })
  if (place.textContent === words) return
  const button = Object.assign(document.createElement("button"), { type: "button", className: "button button-primary", textContent: words })
  button.addEventListener("click", () => (grid ? show(place, root, grid) : location.reload()))
  place.replaceChildren(button)
}

/** Take them in, and go to the first section that has some. */
async function show(place, root, grid) {
  const before = new Map(grid.sections.map(({ key, shape }) => [key, shape]))
  const isBuilt = new Promise((done) => root.addEventListener("grid:built", done, { once: true }))
  root.dispatchEvent(new CustomEvent("grid:changed", { bubbles: true }))
  await isBuilt
  // Other photos of the same number would be taken for those that are there.
  for (const section of grid.sections) section.empty()
  place.replaceChildren()
  const section = grid.sections.find(({ key, shape }) => before.get(key) !== shape) ?? grid.sections[0]
  section.show()
  await section.fill()
  section.tiles[0]?.querySelector("a").focus({ preventScroll: true })
}
