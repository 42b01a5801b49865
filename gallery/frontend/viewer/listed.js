import { gridOf, shapeOf } from "../grid/grid.js"

let coming

/** The list that a photo's page is in: on the page but out of sight, and of its tiles those that the viewer asks for. */
export const listed = () => (coming ??= read().catch(() => (coming = null)))

async function read() {
  const model = document.querySelector("template[data-list]").content.firstElementChild
  const root = document.importNode(model, true)
  const shape = await shapeOf(root)
  document.body.append(root)
  const grid = gridOf(root)
  grid.build(shape)
  root.addEventListener("grid:changed", async () => {
    const fresh = await shapeOf(root)
    if (!fresh) return
    grid.build(fresh)
    root.dispatchEvent(new CustomEvent("grid:built", { bubbles: true }))
  })
  return { grid, at: shape.at }
}
