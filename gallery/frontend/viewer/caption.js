import { about, forget } from "./about.js"
import { _, count as grouped } from "../words/words.js"

/** Say which photo is seen and which of how many it is, for the eye and for the ear. */
export function caption({ photoswipe, grid, slides, root }) {
  const said = root.querySelector("[data-said]")
  const line = root.querySelector("[data-line]")
  const count = root.querySelector("[data-count]")

  photoswipe.on("seen", async ({ item }) => {
    line.textContent = ""
    say(item)
    const page = await about(item)
    if (page && slides.isSeen(item)) line.textContent = page("[data-line]").textContent
  })
  photoswipe.on("change", place)
  // What its owner has written meanwhile.
  root.addEventListener("tended", ({ detail }) => {
    const item = slides.current
    forget(item)
    if (!detail?.title) return
    item.title = detail.title
    say(item)
  })

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
