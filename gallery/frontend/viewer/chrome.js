const REST = 3000 // ms without movement: then the photo is alone

/** Put the bar, the ways to the neighbours and all else around the photo, and let it go while nobody moves. */
export function chrome({ photoswipe, grid, slides, root }) {
  root.append(document.querySelector("template[data-lightbox]").content.cloneNode(true))
  for (const part of root.querySelectorAll(":scope > :is(.lightbox-bar, .lightbox-turn, .lightbox-caption)")) {
    part.classList.add("pswp__hide-on-close")
  }
  const [previous, next] = root.querySelectorAll(".lightbox-turn")

  const place = () => {
    const had = document.activeElement
    previous.hidden = slides.index === 0
    next.hidden = slides.index >= grid.count - 1
    if (had.hidden) root.focus() // at the end there is nothing to press again
  }
  photoswipe.on("change", place)
  place()

  let timer
  const wake = () => {
    root.classList.remove("is-resting")
    clearTimeout(timer)
    timer = setTimeout(() => root.classList.add("is-resting"), REST)
  }
  photoswipe.options.tapAction = () => (root.classList.contains("is-resting") ? wake() : root.classList.add("is-resting"))
  for (const event of ["pointermove", "pointerdown"]) {
    root.addEventListener(event, ({ pointerType }) => pointerType === "mouse" && wake())
  }
  // A tap on the photo is for PhotoSwipe to tell from a swipe.
  root.addEventListener("click", ({ target }) => target.closest(".pswp__scroll-wrap") || wake())
  for (const event of ["keydown", "focusin"]) root.addEventListener(event, wake)
  photoswipe.on("destroy", () => clearTimeout(timer))
  wake()
}
