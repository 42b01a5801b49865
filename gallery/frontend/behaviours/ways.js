const SOON = 1500 // ms between the two keys of one way

const model = document.querySelector("template[data-keys]")
const { keys, photos, albums, send, find } = model?.dataset ?? {}
const ways = { u: send, "/": find, "?": keys }
let begun = -Infinity

/** Follow the link whose aria-keyshortcuts names the pressed key; or go where it leads from anywhere. */
export function press({ key, timeStamp }) {
  const isSecond = timeStamp - begun < SOON
  begun = key === "g" ? timeStamp : -Infinity
  const link = [...document.querySelectorAll(`a[aria-keyshortcuts="${CSS.escape(key)}"]`)].find((each) => !each.closest("[inert]"))
  const to = isSecond ? { p: photos, a: albums }[key] : ways[key]
  if (link && !isSecond) return link.click()
  if (!to) return
  if (key === "?") import("./keys-list.js").then(({ list }) => list(model, to))
  else location.assign(to)
}
