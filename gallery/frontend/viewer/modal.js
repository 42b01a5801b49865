import { _ } from "../words/words.js"

/** Make it a dialog for everybody: named, and the only thing on the page that can be reached. */
export function modal({ photoswipe, root }) {
  root.setAttribute("aria-modal", "true")
  root.setAttribute("aria-label", _("Photo viewer"))
  // The slides are told of by the caption; a carousel needs a name of its own.
  photoswipe.scrollWrap.removeAttribute("aria-roledescription")
  const rest = [...document.body.children].filter((each) => each !== root && !each.inert)
  for (const each of rest) each.inert = true
  // Its neighbours are out of sight, and have controls of their own where they play.
  const hide = () => photoswipe.mainScroll.itemHolders.forEach(({ el }, place) => (el.inert = place !== 1))
  photoswipe.on("change", hide)
  hide()
  photoswipe.on("destroy", () => rest.forEach((each) => (each.inert = false)))
}
