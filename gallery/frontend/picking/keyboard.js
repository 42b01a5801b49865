import { gridOf } from "../grid/grid.js"

const linkOf = (tile) => tile?.querySelector("a")
const centre = ({ left, width }) => left + width / 2
const inOrder = (one, other) => (one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1)

/** Walk the grid by arrows, and choose by keys. */
export function keyboard(form, { toggle, extend, clear, takeSection, discard }) {
  // One key after another: a step may wait for its tiles, and the next key is meant for where that leads.
  let line = Promise.resolve()

  form.addEventListener("keydown", (event) => {
    const tile = event.target.closest(".tile")
    if (!tile || event.altKey) return
    const isSection = event.key.toLowerCase() === "a" && (event.ctrlKey || event.metaKey)
    if ((event.ctrlKey || event.metaKey) && !isSection) return
    const act = isSection ? takeSection : actOf(event)
    if (!act) return
    event.preventDefault()
    line = line.then(() => act(document.activeElement.closest(".tile") ?? tile))
  })
  addEventListener("keydown", ({ key, target }) => {
    if (key === "Escape" && !target.closest("details[open], dialog, [inert], .pswp")) clear()
  })

  function actOf({ key, shiftKey }) {
    if (key === "x" || key === " ") return toggle
    if (key === "X") return (tile) => extend(tile)
    if (key === "Delete") return discard
    const right = document.dir === "rtl" ? -1 : 1
    const to = { ArrowLeft: -right, ArrowRight: right, ArrowUp: "up", ArrowDown: "down", Home: "home", End: "end" }[key]
    return to && ((tile) => walk(tile, to, shiftKey))
  }

  async function walk(tile, to, isExtending) {
    const aim = await aimOf(tile, to)
    if (!aim) return
    if (isExtending) await extend(tile, aim)
    linkOf(aim).focus({ preventScroll: true })
    aim.scrollIntoView({ block: "nearest", behavior: "instant" })
  }

  async function aimOf(tile, to) {
    if (to === "home") return tile.parentElement.firstElementChild
    if (to === "end") return tile.parentElement.lastElementChild
    const grid = gridOf(form)
    if (typeof to === "number") {
      const next = grid.indexOf(tile) + to
      return next < 0 || next >= grid.count ? null : grid.tile(next)
    }
    const step = to === "up" ? -1 : 1
    const section = grid.sectionOf(tile)
    const within = nearest([...section.tiles], tile, step)
    const beside = grid.sections[grid.sections.indexOf(section) + step]
    if (within || !(await beside?.fill())) return within
    return nearest([tile, ...beside.tiles].sort(inOrder), tile, step)
  }
}

/** In the next row above or below, the tile that is most nearly above or below this one. */
function nearest(tiles, tile, step) {
  const here = tile.getBoundingClientRect()
  let [best, row] = [null, null]
  for (let n = tiles.indexOf(tile) + step; tiles[n]; n += step) {
    const there = tiles[n].getBoundingClientRect()
    if (Math.abs(there.top - here.top) < 8) continue
    row ??= there.top
    if (Math.abs(there.top - row) > 8) break
    const away = Math.abs(centre(there) - centre(here))
    if (!best || away < best.away) best = { tile: tiles[n], away }
  }
  return best?.tile
}
