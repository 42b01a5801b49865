import { toast } from "../behaviours/toast.js"
import { about } from "./about.js"

/** What can be done with the photo that is seen: the forms and links of its own page. */
export function acts({ photoswipe, grid, slides, root }) {
  const place = root.querySelector("[data-acts]")
  const toasts = root.querySelector(".toasts")
  const offline = document.querySelector("body > .toasts > [data-offline]")
  let ready = Promise.resolve()
  let shown // the id of the photo whose they are
  let gone
  let isLeaving = false
  let focused = "" // what had the focus when its photo went, by its name

  photoswipe.on("seen", ({ item }) => {
    ready = about(item).then((page) => slides.isSeen(item) && show(page, item))
  })
  photoswipe.on("change", () => hold(isLeaving || slides.current?.id !== shown))
  root.addEventListener("submit", (event) => {
    // A list whose shape is not known does not grow again: then the page is loaded.
    const isUndo = event.target.matches(".toast form") && grid.root.dataset.shape
    if (!isUndo && !event.target.matches("[data-leaves]")) return
    event.preventDefault()
    if (isUndo) undo(event.target)
    else leave(event.target, slides.current)
  })
  // The page behind is not heard now. What is said last is to be read when the viewer is gone.
  if (offline) toasts.append(offline)
  photoswipe.on("destroy", () => document.querySelector("body > .toasts")?.append(...toasts.children))

  /** Do one of them, as soon as they are those of the photo that is seen. */
  async function press(selector) {
    await ready
    if (!place.inert) place.querySelector(selector)?.click()
  }

  function show(page, { id }) {
    if (place.contains(document.activeElement)) focused = nameOf(document.activeElement)
    else if (document.activeElement !== root) focused = ""
    place.replaceChildren(...(page ? page(".viewer-acts").children : []))
    shown = id
    place.inert = isLeaving
    if (focused) ([...place.querySelectorAll("a, button")].find((each) => nameOf(each) === focused) ?? root).focus()
    focused = ""
  }

  /** Keep what is there from being used; the focus waits outside. */
  function hold(isHeld) {
    if (isHeld && place.contains(document.activeElement)) {
      focused = nameOf(document.activeElement)
      root.focus()
    }
    place.inert = isHeld
  }

  /** Send a form after which the photo is no more in its list, and go on to the next. */
  async function leave(form, item) {
    if (!form) return
    isLeaving = true
    hold(true)
    const index = slides.isSeen(item) ? slides.index : Math.max(slides.placeOf(item.id), 0)
    const isDone = await send(form)
    isLeaving = false
    if (!isDone) return
    gone = { id: item.id, index }
    await slides.drop(item)
    if (slides.current) hold(slides.current.id !== shown)
  }

  /** Take that back, and show the photo again where it was. */
  async function undo(form) {
    if (await send(form)) await slides.bringBack(gone)
  }

  /** Returns whether it was done; what is said of it is read here. */
  async function send(form) {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form) }).catch(() => null)
    if (!answer?.ok) return submit(form) // the page then says what is the matter
    const page = new DOMParser().parseFromString(await answer.text(), "text/html")
    const said = [...page.querySelectorAll(".toasts > .toast")]
    const place = root.isConnected ? toasts : document.querySelector("body > .toasts")
    place.replaceChildren(...(offline ? [offline] : []), ...said)
    said.forEach(toast)
    return true
  }

  return { press, leave }
}

/** Send it as without scripts; one that is on no page comes onto this one for it. */
function submit(form) {
  if (!form.isConnected) document.body.append(Object.assign(form, { hidden: true }))
  form.submit()
}

const nameOf = (element) => element.getAttribute("aria-label") ?? element.textContent.trim()
