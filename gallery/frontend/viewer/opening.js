/** Let the photo grow from its tile, and go back into the tile of the last one seen: the grid follows. */
export function openingFrom({ photoswipe, grid, slides }) {
  const REST = 300 // ms on a photo: then the grid behind comes along
  let timer
  let last

  photoswipe.addFilter("thumbEl", (_, { id }) => id && slides.tileOf(id)?.querySelector("img"))
  photoswipe.on("seen", () => {
    last = photoswipe.currIndex
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
