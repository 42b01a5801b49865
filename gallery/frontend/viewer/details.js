import { about } from "./about.js"
import { held } from "./held.js"

const WIDE = 900 // pixels of the window: from there on they stand beside the photo
const BESIDE = 360
const BELOW = 0.58 // of the window's height, on phones
const BAR = 72 // with the count below it

/** What is known of the photo, beside or below it; the photo makes room. */
export function details(viewer) {
  const { photoswipe, slides, root } = viewer
  const panel = root.querySelector(".lightbox-details")
  const place = panel.querySelector("[data-about]")
  const button = root.querySelector("[data-do='details'][aria-expanded]")
  const isOpen = () => !panel.hidden
  const isHeld = () => slides.current?.id !== shown
  const look = held(viewer, place, isHeld, () => place.firstElementChild ?? panel.querySelector("[data-do]"))
  let shown // the id of the photo that they are of
  let coming // those that are on their way

  photoswipe.options.paddingFn = ({ x, y }) => {
    if (!isOpen()) return {}
    return x >= WIDE ? { [document.dir === "rtl" ? "left" : "right"]: BESIDE } : { top: BAR, bottom: Math.round(y * BELOW) }
  }
  photoswipe.on("seen", () => isOpen() && (coming = show()))
  // PhotoSwipe takes the wheel, wherever it turns.
  panel.addEventListener("wheel", (event) => event.stopPropagation())

  async function show() {
    const item = slides.current
    look()
    const page = item && (await about(item))
    if (!isOpen() || !slides.isSeen(item)) return
    place.replaceChildren(...(page ? [page(".details")] : []))
    shown = item.id
    panel.scrollTop = 0
    look()
  }

  function turn(isOn) {
    panel.hidden = !isOn
    button.setAttribute("aria-expanded", isOn)
    root.classList.toggle("has-details", isOn)
    photoswipe.updateSize(true)
  }

  function open() {
    turn(true)
    coming = show()
    panel.querySelector("[data-do]").focus()
  }

  /** Lead to a field of theirs, if the photo that is seen has it. */
  async function openAt(field) {
    const item = slides.current
    const page = item && (await about(item))
    if (!page?.(field) || !slides.isSeen(item) || photoswipe.isDestroying) return
    if (!isOpen()) open()
    await coming
    place.querySelector(field)?.focus()
  }

  /** Returns whether they were open. */
  function close() {
    if (!isOpen()) return false
    const hadFocus = panel.contains(document.activeElement)
    if (hadFocus) document.activeElement.blur()
    turn(false)
    place.replaceChildren() // no key is to say anything by what nobody sees
    shown = undefined
    if (hadFocus) button.focus()
    return true
  }

  return { openAt, close, toggle: () => close() || open() }
}
