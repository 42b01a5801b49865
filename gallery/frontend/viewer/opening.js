/** Let the photo grow from its tile, and go back into the tile of the last one seen: the grid follows. */
export function openingFrom({ photoswipe, grid, slides }) {
  const REST = 300 // ms on a photo: then the grid behind comes along
  let timer
  let last

  photoswipe.addFilter("thumbEl", (_, { id }) => id && slides.tileOf(id)?.querySelector("img"))
  photoswipe.on("seen", () => {
    last = slides.index
    clearTimeout(timer)
    timer = setTimeout(() => grid.reveal(last), REST)
  })
  photoswipe.on("close", () => {
    clearTimeout(timer)
    const tile = slides.current && slides.tileOf(slides.current.id)
    tile?.scrollIntoView({ block: "nearest", behavior: "instant" })
  })
  photoswipe.on("destroy", async () => {
    if (!grid.count) return document.querySelector("main").focus()
    const tile = await grid.reveal(Math.min(last, grid.count - 1))
    tile?.querySelector("a").focus({ preventScroll: true })
  })
}

/** Let the photo of a page grow from where it stands there, and go back; what is below waits, and is looked at again if something was done. */
export function openingOver({ photoswipe, grid, page }) {
  const image = page.querySelector("img")
  let isChanged = false
  const change = () => (isChanged = true)

  const isIts = ({ id }) => id === page.dataset.open
  photoswipe.addFilter("thumbBounds", (bounds, item) => (isIts(item) ? boundsOf(image) : bounds))
  photoswipe.addFilter("placeholderSrc", (src, { data }) => (isIts(data) ? image.currentSrc : src))
  grid.root.addEventListener("grid:gone", change)
  document.addEventListener("tended", change)
  photoswipe.on("destroy", async () => {
    grid.root.removeEventListener("grid:gone", change)
    document.removeEventListener("tended", change)
    await null // until the page can be reached again
    if (!isChanged) page.focus({ preventScroll: true })
    else if (history.state?.viewer) addEventListener("popstate", () => location.reload(), { once: true })
    else location.reload()
  })
}

/** Where a picture is within the room that it has on its page. */
function boundsOf(image) {
  const { left, top, width, height } = image.getBoundingClientRect()
  const ratio = image.naturalWidth / image.naturalHeight
  const [w, h] = [Math.min(width, height * ratio), Math.min(height, width / ratio)]
  return { x: left + (width - w) / 2, y: top + (height - h) / 2, w }
}
