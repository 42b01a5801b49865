import { controlAtHand, sayUnseen } from "../behaviours/tend.js"
import { about, forget } from "./about.js"
import { FIELDS } from "./keyboard.js"

const SAID = /^[0-5f]$/ // its stars, and whether it is a favourite

/**
 * What a key says of a photo is said of the one that is seen when it is pressed.
 *
 * Its own forms and links come a little after it, and its stars only with the details: until they are there, and when one has gone on meanwhile, the form is used that the server sent of it. What is there is pressed as on any page.
 */
export function saying({ photoswipe, slides, acts, details, commands }) {
  const ASKED = {
    t: () => details.openAt("[name='tags']"),
    d: () => commands.download(),
    Delete: () => commands.trash(),
  }
  let known // the id of the photo whose forms and links are there
  let waiting = 0
  let line = Promise.resolve()

  photoswipe.on("seen", async ({ item }) => {
    if (await comeTo(item)) known = item.id
  })
  function hear(event) {
    const { key, target } = event
    if (!(SAID.test(key) || key in ASKED) || event.altKey || event.ctrlKey || event.metaKey || target.closest?.(FIELDS)) return
    const item = slides.current
    if (item?.id === known && !waiting && isThere(key)) return
    event.preventDefault()
    event.stopPropagation()
    if (event.repeat || !slides.isSeen(item)) return // while its tile is to come, nobody knows which photo it is
    waiting += 1
    line = line.then(() => say(key, item)).finally(() => (waiting -= 1))
  }
  addEventListener("keydown", hear, { capture: true })
  photoswipe.on("destroy", () => removeEventListener("keydown", hear, { capture: true }))

  function isThere(key) {
    if (key === "t") return details.isOpen()
    return key in ASKED || controlAtHand(key)
  }

  async function say(key, item) {
    const isSeen = await comeTo(item)
    if (isSeen && key in ASKED) return ASKED[key]()
    if (isSeen && controlAtHand(key)) return controlAtHand(key).click()
    const page = await about(item)
    if (key === "Delete" && page && !photoswipe.isDestroying) return acts.leave(page("[data-leaves='trash']"), item)
    if (!SAID.test(key)) return
    await sayUnseen(key, page)
    forget(item)
    if (!isSeen && slides.isSeen(item)) photoswipe.dispatch("seen", { item }) // one has come back to it
  }

  /** Returns whether a photo is still seen once what belongs to it is there. */
  async function comeTo(item) {
    await about(item)
    await new Promise((done) => setTimeout(done)) // the others put it there meanwhile
    return slides.isSeen(item) && !photoswipe.isDestroying
  }
}
