const KEYS = {
  j: "next",
  k: "previous",
  Home: "first",
  End: "last",
  "+": "larger",
  "=": "larger",
  "-": "smaller",
  z: "zoom",
  i: "details",
  s: "slideshow",
  d: "download",
  Delete: "trash",
  Escape: "leave",
}
const ONCE = ["details", "slideshow", "download", "trash"] // however long the key is held
const FIELDS = "input, textarea, select, video, audio, [contenteditable], dialog"

/** Whether a key is pressed by itself, and not to write. */
export const isPlain = ({ altKey, ctrlKey, metaKey, target }) => !(altKey || ctrlKey || metaKey || target.closest?.(FIELDS))

/** Keep the keys that come before the viewer heeds any, and press them anew as soon as it does. */
export function holdKeys({ photoswipe }) {
  const held = []
  const hold = (event) => {
    const { key } = event
    const isOurs = key in KEYS || key.length === 1 || key.startsWith("Arrow")
    if (!isOurs || !isPlain(event)) return
    event.preventDefault()
    event.stopImmediatePropagation()
    held.push(event)
  }
  const letGo = () => removeEventListener("keydown", hold, { capture: true })
  addEventListener("keydown", hold, { capture: true })
  photoswipe.on("bindEvents", () => {
    letGo()
    for (const event of held) document.activeElement.dispatchEvent(new KeyboardEvent("keydown", event))
  })
  return letGo
}

/** The keys of the viewer; those of PhotoSwipe are the arrows and Tab. */
export function keyboard({ photoswipe, commands }) {
  photoswipe.on("keydown", (event) => {
    const pressed = event.originalEvent
    if (pressed.key === "Tab") return
    const isFree = !pressed.altKey && !pressed.ctrlKey && !pressed.metaKey && !pressed.defaultPrevented
    const isInField = pressed.key !== "Escape" && pressed.target.closest?.(FIELDS)
    const isScrolling = /^Arrow(Up|Down)|Home|End/.test(pressed.key) && pressed.target.closest?.(".lightbox-details")
    if (!isFree || isInField || isScrolling) return event.preventDefault()

    // While it is larger than the window, the arrows move what is seen of it.
    photoswipe.options.arrowKeys = !photoswipe.currSlide?.isPannable()
    const name = KEYS[pressed.key]
    if (!name) return
    event.preventDefault()
    pressed.preventDefault()
    // The page below has keys of its own, and Escape would clear what is ticked there.
    pressed.stopPropagation()
    if (!pressed.repeat || !ONCE.includes(name)) commands[name]()
  })
}
