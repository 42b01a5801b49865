import { LOST, sayFailed, sayOf } from "../behaviours/tend.js"
import { about } from "./about.js"
import { isPlain } from "./keyboard.js"

const SAID = /^[0-5ft]$/ // its stars, whether it is a favourite, its tags

/**
 * What a key says of a photo is said of the one that is seen when it is pressed.
 *
 * It is said by the form that the server sent of it: on the page that comes a little later, stars only with the details, and meanwhile one may have gone on, or closed the viewer.
 */
export function saying({ photoswipe, slides, details }) {
  let line = Promise.resolve()

  // Before the page's own keys, which would take the photo whose forms are there.
  function hear(event) {
    const { key } = event
    if (!SAID.test(key) || !isPlain(event)) return
    event.preventDefault()
    const item = slides.current
    // While its tile is to come, nobody knows which photo it is.
    if (event.repeat || !slides.isSeen(item)) return
    if (key === "t") details.openAt("[name='tags']")
    else line = line.catch(() => null).then(() => say(item, key)) // what failed holds nothing up
  }
  addEventListener("keydown", hear, { capture: true })
  photoswipe.on("destroy", () => removeEventListener("keydown", hear, { capture: true }))
}

async function say(item, key) {
  const page = await about(item)
  if (!page) return sayFailed(LOST)
  await sayOf(page, key)
}
