const WRITTEN = "input:not([type='radio'], [type='checkbox']), textarea, select, video, audio, [contenteditable]"
const ELSEWHERE = `${WRITTEN}, [type='radio']`

/** Keys that lead somewhere: where to is loaded with the first of them, and follows them in their order. */
export function keys() {
  const { dataset } = document.documentElement
  let ways // one promise, whose answers come in the order of the keys
  // Single letters and signs do nothing, once somebody has switched them off: for every behaviour at once.
  addEventListener(
    "keydown",
    (event) => {
      const isSingle = event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey
      if (dataset.keys === "off" && isSingle && !event.target.closest(WRITTEN)) event.stopImmediatePropagation()
    },
    { capture: true },
  )
  document.addEventListener("keydown", async (event) => {
    const { key, target, altKey, ctrlKey, metaKey, shiftKey } = event
    // Signs may be written with Shift, on some keyboards a slash too.
    if (target.closest(ELSEWHERE) || altKey || ctrlKey || metaKey || (shiftKey && !["/", "?"].includes(key))) return
    if (key === "/" && search(event)) return
    if (key.length > 1 && !document.querySelector(`a[aria-keyshortcuts="${key}"]`)) return
    ways ??= import("./ways.js").catch(() => (ways = null)) // the next key may fare better
    ;(await ways)?.press(event)
  })
}

/** Focus the field that is seen, at once: what is typed next is meant for it. On a phone, and on a photo, there may be none. */
function search(event) {
  const field = [...document.querySelectorAll("[data-search]")].find((each) => each.checkVisibility() && !each.closest("[inert]"))
  if (!field) return false
  event.preventDefault()
  field.focus()
  field.select()
  return true
}
