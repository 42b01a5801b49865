import { atHand, sayFailed } from "../behaviours/tend.js"
import { _ } from "../words/words.js"
import { about, textOf } from "./about.js"
import { held } from "./held.js"

/** What can be done with the photo that is seen: the forms and links of its own page. */
export function acts(viewer) {
  const { photoswipe, grid, slides, root } = viewer
  const place = root.querySelector("[data-acts]")
  const toasts = root.querySelector(".toasts")
  const offline = document.querySelector("body > .toasts > [data-offline]")
  const left = new Set() // ids of photos that are sent out of the list
  let leaving = Promise.resolve()
  let shown // the id of the photo whose they are
  let gone
  const isHeld = () => slides.current?.id !== shown || left.has(shown)
  const look = held(viewer, place, isHeld, (before) => {
    const like = (each) => nameOf(each) === nameOf(before)
    return [...place.querySelectorAll("a, button")].find(like) ?? root
  })

  photoswipe.on("seen", async ({ item }) => {
    const page = await about(item)
    if (slides.isSeen(item)) show(page, item)
  })
  root.addEventListener("submit", (event) => {
    // A list whose shape is not known does not grow again: then the page is loaded.
    const isUndo = event.target.matches(".toast form") && grid.root.dataset.shape
    if (!isUndo && !event.target.matches("[data-leaves]")) return
    event.preventDefault()
    if (isUndo) undo(event.target)
    else leave(event.target, slides.current, slides.index)
  })
  // The page behind is not heard now. What is said last is to be read when the viewer is gone.
  if (offline) toasts.append(offline)
  photoswipe.on("destroy", () => document.querySelector("body > .toasts")?.append(...toasts.children))

  function show(page, { id }) {
    place.replaceChildren(...(page ? page(".viewer-acts").children : []))
    shown = id
    look()
  }

  /** Load down the file of the photo that is seen. */
  async function download() {
    const page = await aboutSeen()
    page?.("[data-download]")?.click()
  }

  /** Move the photo that is seen to the trash, unless one leaves the viewer before it is known how. */
  async function trash() {
    const { current, index } = slides
    const page = await aboutSeen()
    const form = page?.("[data-leaves='trash']")
    if (form && !photoswipe.isDestroying) leave(form, current, index)
  }

  async function aboutSeen() {
    const item = slides.current
    if (!slides.isSeen(item)) return // its tile is to come: nobody knows which photo it is
    const page = await about(item)
    if (!page) sayFailed(_("The gallery does not answer."))
    return page
  }

  /** Send a form after which a photo is no more in its list, and go on to the next; one form after another. */
  function leave(form, { id }, index) {
    if (left.has(id)) return
    left.add(id)
    look()
    leaving = leaving.catch(() => null).then(async () => {
      if (await send(form)) {
        const place = slides.placeOf(id) // those before it may have gone meanwhile
        gone = { id, index: place < 0 ? index : place }
        await slides.drop(gone)
      } else left.delete(id)
      look()
    })
  }

  /** Take that back, and show the photo again where it was. */
  async function undo(form) {
    const back = gone
    if (!(await send(form))) return
    left.delete(back.id)
    await slides.bringBack(back)
    look()
  }

  /** Returns whether it was done; what is said of it is read here. */
  async function send(form) {
    const text = await textOf(form.action, { method: "POST", body: new FormData(form) })
    if (text === null) return submit(form) // the page then says what is the matter
    const page = new DOMParser().parseFromString(text, "text/html")
    const said = [...page.querySelectorAll("[data-toast]")]
    document.querySelectorAll("[data-toast]").forEach((each) => each.remove())
    atHand(".toasts")?.append(...said)
    import("../behaviours/toast.js").then(({ toast }) => said.forEach(toast))
    return true
  }

  return { download, trash }
}

/** Send it as without scripts: for that it has to be on the page. */
function submit(form) {
  form.hidden = true
  document.body.append(form)
  form.submit()
}

const nameOf = (element) => element.getAttribute("aria-label") ?? element.textContent.trim()
