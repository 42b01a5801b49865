const VIEWER = ` · ${document.querySelector('meta[name="application-name"]').content}`

/** Give the viewer one entry in the history, which is always of the photo that is seen; Back leaves it. */
export function address({ photoswipe, slides }, isInHistory) {
  const { title } = document
  let isOurs = isInHistory
  // What was seen before the page was loaded again is no more: Back is to lead to the page.
  if (!isOurs) history.replaceState({ ...history.state, viewer: null }, "")
  // The grid follows the viewer: the browser must not put it back to where it was.
  history.scrollRestoration = "manual"

  photoswipe.on("seen", ({ item }) => {
    const state = { ...history.state, viewer: { id: item.id, index: slides.index } }
    history[isOurs ? "replaceState" : "pushState"](state, "", item.href)
    isOurs = true
    document.title = item.title + VIEWER
  })
  photoswipe.on("close", () => {
    document.title = title
    if (history.state?.viewer) history.back()
  })
}
