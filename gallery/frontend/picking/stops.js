const linkOf = (tile) => tile?.querySelector("a")

/** Make the tiles of a list one stop of Tab, with the tick: the tile last walked on. */
export function oneStop(form) {
  let current = null

  const rest = (tile) => {
    linkOf(current)?.setAttribute("tabindex", "-1")
    current = tile
    linkOf(tile)?.removeAttribute("tabindex")
  }
  const settle = (root) => {
    for (const tile of root.querySelectorAll(".tile")) {
      if (tile !== current) linkOf(tile)?.setAttribute("tabindex", "-1")
      tile.querySelector(".tick input")?.setAttribute("tabindex", "-1")
    }
    if (!current?.isConnected) rest(form.querySelector(".tile"))
  }
  form.addEventListener("grid:filled", ({ detail }) => settle(detail.element))
  form.addEventListener("refreshed", () => settle(form))
  form.addEventListener("focusin", ({ target }) => target.closest(".tile") && rest(target.closest(".tile")))
  settle(form)
}
