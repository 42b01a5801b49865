/** Open a photo over its grid, or over its page; what shows it is loaded when somebody comes near a tile. */
export function viewer() {
  const model = document.querySelector("template[data-lightbox]")
  const here = () => location.pathname + location.search
  const home = here()
  let loading
  const load = () => (loading ??= import("../viewer/viewer.js").catch((error) => {
    loading = undefined // the next try may fare better
    throw error
  }))

  // Forward comes to a photo again; and a photo's page that was loaded afresh has the entry of another page behind it.
  addEventListener("popstate", async ({ state }) => {
    if (model && state?.viewer) (await load()).reopen(state.viewer)
    else if (here() !== home) location.reload()
    else if (loading) (await loading).leave()
  })
  if (!model) return

  const near = ({ target }) => opens(target) && load().catch(() => {})
  for (const event of ["pointerover", "focusin", "touchstart"]) document.addEventListener(event, near, { passive: true })
  document.addEventListener("click", (event) => {
    const link = opens(event.target)
    const isElsewhere = event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey
    if (!link || isElsewhere || event.defaultPrevented) return
    event.preventDefault()
    // A click that comes before the viewer is held, and then opens it.
    load().then(({ open }) => open(link)).catch(() => location.assign(link.href))
  })
}

const opens = (target) => target.closest?.("[data-grid] .tile a, [data-open]")
