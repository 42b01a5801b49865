let isThere = false

/** Say so where this browser does not play what is on the page, and show the poster instead. */
export function player() {
  if (isThere) return
  isThere = true
  document.querySelectorAll("[data-player]").forEach(look)
  // Neither event bubbles, but both can be caught on their way down.
  for (const event of ["error", "loadedmetadata"]) {
    document.addEventListener(event, ({ target }) => target.matches?.("[data-player]") && look(target), true)
  }
}

function look(media) {
  // Of a film whose picture it does not know, a browser may play the sound alone.
  const isDark = media instanceof HTMLVideoElement && media.readyState > 0 && !media.videoWidth
  if (!media.error && !isDark) return
  media.parentElement.querySelector("[data-doubt]").hidden = false
  media.replaceWith(...still(media))
}

function still(media) {
  if (!media.poster) return []
  const image = new Image()
  image.src = media.poster
  image.alt = media.getAttribute("aria-label")
  return [image]
}
