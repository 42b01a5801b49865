/** Open a photo over its grid; what shows it is loaded when somebody comes near a tile. */
export function viewer() {
  const model = document.querySelector("template[data-lightbox]")
  const here = () => location.pathname + location.search
  const home = here()
  let loading
  const load = () => (loading ??= import("../viewer/viewer.js").catch((error) => {
    loading = undefined // the next try may fare better
    throw error
  }))

  // Forward comes to a photo again; and a photo's page that was loaded afresh has the grid's entry behind it.
  addEventListener("popstate", async ({ state }) => {
    if (model && state?.viewer) (await load()).reopen(state.viewer)
    else if (loading) (await loading).leave()
    else if (!model && here() !== home) location.reload()
  })
  if (!model) return

  const near = ({ target }) => tileOf(target) && load().catch(() => {})
  for (const event of ["pointerover", "focusin", "touchstart"]) document.addEventListener(event, near, { passive: true })
  document.addEventListener("click", (event) => {
    const tile = tileOf(event.target)
    const isElsewhere = event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey
    if (!tile || isElsewhere || event.defaultPrevented) return
    event.preventDefault()
    // A click that comes before the viewer is held, and then opens it.
    load().then(({ open }) => open(tile)).catch(() => location.assign(tile.querySelector("a").href))
  })
}

const tileOf = (target) => target.closest?.("[data-grid] .tile a")?.closest(".tile")
