import { asks } from "./single-keys.js"

const SOON = 1500 // ms between the two keys of one way

/** Follow the link whose aria-keyshortcuts names the pressed key; or go where it leads from anywhere. */
export function keys() {
  const model = document.querySelector("template[data-keys]")
  const { keys, photos, albums, send, find } = model?.dataset ?? {}
  const ways = { u: send, "/": find, "?": keys }
  let begun = -Infinity

  asks()
  document.addEventListener("keydown", (event) => {
    const { key, target } = event
    const isElsewhere = target.closest("input:not([type='checkbox']), textarea, select, video, audio, [contenteditable]")
    // Signs may be written with Shift, on some keyboards a slash too.
    const isShifted = event.shiftKey && !["/", "?"].includes(key)
    if (isElsewhere || event.altKey || event.ctrlKey || event.metaKey || isShifted) return

    const isSecond = event.timeStamp - begun < SOON
    begun = key === "g" ? event.timeStamp : -Infinity
    const link = [...document.querySelectorAll(`a[aria-keyshortcuts="${CSS.escape(key)}"]`)].find((each) => !each.closest("[inert]"))
    const to = isSecond ? { p: photos, a: albums }[key] : ways[key]
    if (key === "/" && search(event)) return
    if (link && !isSecond) return link.click()
    if (!to) return
    event.preventDefault()
    if (key === "?") import("./keys-list.js").then(({ list }) => list(model, to))
    else location.assign(to)
  })
}

/** Focus the field that is seen; on a phone, and on a photo, there may be none. */
function search(event) {
  const field = [...document.querySelectorAll("[data-search]")].find((each) => each.checkVisibility() && !each.closest("[inert]"))
  if (!field) return false

  event.preventDefault()
  field.focus()
  field.select()
  return true
}
