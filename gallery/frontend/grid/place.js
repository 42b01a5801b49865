// Where somebody was is kept with the entry of the history that it belongs to, and nowhere else.
import { edge, topOf } from "./section.js"

const REST = 120 // ms without scrolling: then the place is worth keeping

/** Keep in the history which photo is at the top of the window, and how far down it is. */
export function keepPlace(grid) {
  history.scrollRestoration = "manual"
  let timer
  const keep = () => history.replaceState({ ...history.state, place: placeIn(grid) }, "")
  addEventListener("scroll", () => {
    clearTimeout(timer)
    timer = setTimeout(keep, REST)
  }, { passive: true })
  addEventListener("pagehide", keep)
}

/** Find the section at the top of the window, the photo there, and their distance from it. */
export function placeIn(grid) {
  const section = grid.sections.findLast(({ element }) => element.getBoundingClientRect().top <= edge())
  if (!section) return { top: scrollY }
  const tile = [...section.tiles].find((each) => each.getBoundingClientRect().bottom > edge())
  return {
    first: section.first,
    down: edge() - section.element.getBoundingClientRect().top,
    width: section.list.clientWidth,
    id: tile?.dataset.id,
    above: tile && edge() - tile.getBoundingClientRect().top,
  }
}

/** Go back to a place; at another width to its photo. */
export async function goTo(grid, { first, down, width, id, above, top }) {
  const section = grid.sections.find((each) => each.first === first)
  if (!section) return scrollTo({ top: top ?? scrollY, behavior: "instant" })
  scrollTo({ top: topOf(section.element) + down, behavior: "instant" })
  if (width === section.list.clientWidth || !id || !(await section.fill())) return
  const tile = [...section.tiles].find((each) => each.dataset.id === id)
  if (tile) scrollTo({ top: topOf(tile) + above, behavior: "instant" })
}
