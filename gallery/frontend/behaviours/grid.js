import { gridOf, shapeOf } from "../grid/grid.js"
import { watch } from "../grid/nearness.js"
import { goTo, keepPlace, placeIn } from "../grid/place.js"

const LONG = 4 // windows that a page must be high for a rail: of less, one sees it all soon enough

/** Make all of a list scroll as one page, of which only what is near has tiles. */
export async function grid(root, { near }) {
  const grid = gridOf(root)
  if (!root.dataset.shape) return
  const begin = history.state?.place
  const shape = await shapeOf(root)
  if (!shape?.sections.length) return // what the server sent stays as it is
  grid.build(shape)
  link(root, shape)
  rail(grid, near)
  keepPlace(grid)
  if (begin) await goTo(grid, begin)
  else if (shape.at !== null) await open(grid, shape.at)
  let stop = watch(grid)
  tell(root)

  let { width } = root.getBoundingClientRect()
  new ResizeObserver(() => {
    if (root.clientWidth === width) return
    const place = placeIn(grid)
    width = root.clientWidth
    grid.measure()
    goTo(grid, place)
  }).observe(root)

  root.addEventListener("grid:filled", () => grid.measure())
  root.addEventListener("refreshed", () => grid.look())
  root.addEventListener("grid:changed", async () => {
    const fresh = await shapeOf(root)
    if (!fresh) return
    stop()
    grid.build(fresh)
    stop = watch(grid)
    tell(root)
  })
}

const tell = (root) => root.dispatchEvent(new CustomEvent("grid:built", { bubbles: true }))

/** Put the links to years beside the photos; what moves them is loaded when somebody scrolls, or comes near them. */
function rail({ root, sections }, near) {
  const years = document.querySelector("nav.years:not(.months)")
  const dated = sections.filter(({ key }) => /^\d{4}-/.test(key))
  if (!years || !dated.length || document.documentElement.scrollHeight < LONG * innerHeight) return
  years.classList.add("rail")
  const begin = near(".rail", async () => (await import("../grid/rail.js")).rail(root, years, dated), ".rail a")
  addEventListener("scroll", begin, { once: true })
}

/** The ways to other pages of the list are not needed any more, but to other documents of it. */
function link(root, { newer, older }) {
  for (const [rel, to] of [["prev", newer], ["next", older]]) {
    const way = document.querySelector(`a[rel="${rel}"]`)
    if (!way) continue
    way.closest(".pager, .timeline-head > *").hidden = !to
    if (!to) continue
    way.href = to.url
    way.firstChild.textContent = to.label
  }
}

/** Show a photo that the address begins with; with its heading, if it is the first there. */
async function open(grid, index) {
  const section = grid.sectionAt(index)
  if (section.start === index) return section.show()
  await grid.reveal(index, { block: "start" })
}
