import { about } from "./about.js"
import { _, count as grouped } from "../words/words.js"

/** Say which photo is seen and which of how many it is, for the eye and for the ear. */
export function caption({ photoswipe, grid, slides, root }) {
  const said = root.querySelector("[data-said]")
  const line = root.querySelector("[data-line]")
  const count = root.querySelector("[data-count]")
  let seen = [] // the last few: what was written of one may be saved when the next is there

  photoswipe.on("seen", async ({ item }) => {
    line.textContent = ""
    seen = [item, ...seen].slice(0, 5)
    say(item)
    const page = await about(item)
    if (page && slides.isSeen(item)) line.textContent = page("[data-line]").textContent
  })
  photoswipe.on("change", place)
  // What its owner has written meanwhile.
  function tended({ detail }) {
    const item = seen.find(({ id }) => detail.action.includes(`/${id}/`))
    if (!item || !detail.title) return
    item.title = detail.title
    if (slides.isSeen(item)) say(item)
  }
  document.addEventListener("tended", tended)
  photoswipe.on("destroy", () => document.removeEventListener("tended", tended))

  function say({ title }) {
    const where = document.createElement("span")
    where.className = "sr"
    where.textContent = `, ${placeInWords()}`
    said.replaceChildren(title, where)
    place()
  }

  function place() {
    count.textContent = placeInWords()
  }

  function placeInWords() {
    return _("%(number)s of %(all)s", { number: grouped(slides.index + 1), all: grouped(grid.count) })
  }
}
