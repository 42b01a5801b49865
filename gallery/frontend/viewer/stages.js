import { about, forget } from "./about.js"

const AGAIN = 2000 // ms after which a picture that is being made is looked for again
const CONTROLS = 80 // pixels at the foot of a video, where a finger is not to turn the page

/** What is no plain picture is shown as on its page: what plays, and what says why it does not. */
export function stages({ photoswipe, slides }) {
  photoswipe.on("contentLoad", (event) => {
    const { content } = event
    if (content.type !== "stage") return
    event.preventDefault()
    content.element = Object.assign(document.createElement("div"), { className: "pswp__content stage" })
    content.state = "loading"
    fill(content)
  })
  photoswipe.addFilter("useContentPlaceholder", (isUsed, { data }) => isUsed || Boolean(data.isToCome))
  photoswipe.addFilter("isKeepingPlaceholder", (isKept, { data }) => isKept || Boolean(data.isToCome))
  photoswipe.addFilter("contentErrorElement", (_, { data }) => failed(data))
  photoswipe.on("contentDeactivate", ({ content }) => pause(content))
  photoswipe.on("contentAppendImage", ({ content: { element, data } }) => {
    element.classList.toggle("is-clear", data.isClear)
    if (data.live) element.dataset.live = data.live
  })
  photoswipe.on("close", () => pause(photoswipe.currSlide.content))

  // What has controls of its own gets the pointer; a finger still turns the page above them.
  photoswipe.addFilter("preventPointerEvent", (isPrevented, { target }) => isPrevented && !controlsAt(target))
  photoswipe.on("pointerDown", (event) => {
    const { target, pointerType, clientY } = event.originalEvent
    const control = controlsAt(target)
    if (!control) return
    const isAbove = control.matches("video") && clientY < control.getBoundingClientRect().bottom - CONTROLS
    if (pointerType === "mouse" || !isAbove) event.preventDefault()
  })

  async function fill(content) {
    const page = await about(content.data)
    if (!page) return content.onError()
    const stage = page(".stage-photo")
    stage.removeAttribute("id")
    content.element.replaceChildren(stage)
    content.onLoaded()
    if (stage.querySelector("[data-player]")) (await import("../behaviours/player.js")).player()
    if (stage.hasAttribute("data-refresh")) setTimeout(() => look(content), AGAIN)
  }

  function look(content) {
    if (photoswipe.currSlide?.content !== content) return
    forget(content.data)
    slides.renew(slides.turned(content.index))
  }
}

function failed(item) {
  const { content } = document.querySelector("template[data-lightbox]")
  const element = content.querySelector("[data-failed]").content.firstElementChild.cloneNode(true)
  const link = element.querySelector("a")
  about(item).then((page) => {
    link.href = page?.(".viewer-acts").querySelector("[data-download]")?.href ?? ""
    link.hidden = !link.getAttribute("href")
  })
  return element
}

const controlsAt = (target) => target.closest?.(".stage :is(video, audio, a[href], button), .lightbox-failed")

function pause({ slide }) {
  for (const media of slide?.container.querySelectorAll("video, audio") ?? []) media.pause()
  slide?.container.querySelector(".pswp__img ~ video")?.remove() // of a live photo
}
