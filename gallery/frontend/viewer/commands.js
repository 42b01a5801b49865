const STEP = 1.5 // of the zoom

/** What the buttons and the keys of the viewer do, by name. */
export function commands(viewer) {
  const { photoswipe, grid, slides, root } = viewer
  const zoomBy = (factor) => {
    const { currZoomLevel } = photoswipe.currSlide
    photoswipe.zoomTo(currZoomLevel * factor, undefined, photoswipe.options.zoomAnimationDuration)
  }
  const known = {
    close: () => photoswipe.close(),
    previous: () => slides.previous(),
    next: () => slides.next(),
    first: () => slides.goTo(0),
    last: () => slides.goTo(grid.count - 1),
    larger: () => zoomBy(STEP),
    smaller: () => zoomBy(1 / STEP),
    zoom: () => photoswipe.toggleZoom(),
    again: () => photoswipe.refreshSlideContent(photoswipe.currIndex),
    details: () => viewer.details.toggle(),
    slideshow: () => viewer.slideshow.toggle(),
    download: () => viewer.acts.download(),
    trash: () => viewer.acts.trash(),
    /** One thing after another: the slideshow, the details, the viewer. */
    leave: () => viewer.slideshow.stop() || viewer.details.close() || photoswipe.close(),
  }
  root.addEventListener("click", ({ target }) => known[target.closest("[data-do]")?.dataset.do]?.())
  return known
}
