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
    // Or it would be written into the field that it leads to; and some browsers search the page by it.
    if (key === "/" && document.querySelector("template[data-find]")) event.preventDefault()
    ;(await (ways ??= import("./ways.js"))).press(event)
  })
}
