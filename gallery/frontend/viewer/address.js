const VIEWER = " · Gallery"

/** Give the viewer one entry in the history, which is always of the photo that is seen; Back leaves it. */
export function address({ photoswipe }, isInHistory) {
  const { title } = document
  let isOurs = isInHistory
  // The grid follows the viewer: the browser must not put it back to where it was.
  history.scrollRestoration = "manual"

  photoswipe.on("seen", ({ item }) => {
    const state = { ...history.state, viewer: { id: item.id, index: photoswipe.currIndex } }
    history[isOurs ? "replaceState" : "pushState"](state, "", item.href)
    isOurs = true
    document.title = item.title + VIEWER
  })
  photoswipe.on("close", () => {
    document.title = title
    if (history.state?.viewer) history.back()
  })
}
