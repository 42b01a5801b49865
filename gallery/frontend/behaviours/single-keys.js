const YEAR = 31536000
const WRITTEN = "input:not([type='radio'], [type='checkbox']), textarea, select, video, audio, [contenteditable]"

/** Keep single letters and signs from doing anything, once somebody has switched them off: for every behaviour at once. */
export function asks() {
  const { dataset } = document.documentElement
  addEventListener(
    "keydown",
    (event) => {
      const isSingle = event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey
      if (dataset.keys === "off" && isSingle && !event.target.closest(WRITTEN)) event.stopImmediatePropagation()
    },
    { capture: true },
  )
  // The cookie lets the server say it on the next page.
  document.addEventListener("change", ({ target }) => {
    if (!target.matches("[data-single-keys]")) return
    document.cookie = `keys=off;path=/;max-age=${target.checked ? 0 : YEAR};samesite=lax`
    dataset.keys = target.checked ? "on" : "off"
  })
}
