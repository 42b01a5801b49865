const SHOWN = ":is(.stage, .pswp__item[aria-hidden='false']) [data-live]:not([inert] *)" // on its page, or in the viewer over it
const PRESS = 250 // ms that a finger rests before it is no tap

/** Play the moving half of a live photo: of a tile on hover, focus or press, of a page on its button. */
export function live() {
  const isCalm = matchMedia("(prefers-reduced-motion: reduce)")
  const begin = ({ target }) => isCalm.matches || play(target.closest("[data-live]"))
  const end = ({ target, relatedTarget }) => {
    const photo = target.closest("[data-live]")
    if (photo && !photo.contains(relatedTarget)) stop(photo)
  }
  document.addEventListener("pointerover", (event) => event.pointerType === "mouse" && begin(event))
  document.addEventListener("pointerout", end)
  document.addEventListener("focusin", ({ target }) => target.matches(":focus-visible") && begin({ target }))
  document.addEventListener("focusout", end)
  document.addEventListener("pointerdown", press)
  document.addEventListener("click", onButton)
  // What somebody has come to while this came; a finger is told of once more.
  const near = matchMedia("(hover: hover)").matches ? ":is(:hover, :has(:focus-visible))" : ":has(:focus-visible)"
  begin({ target: document.querySelector(`[data-live]${near}`) ?? document.body })
}

function press(event) {
  const photo = event.target.closest("li[data-live]")
  if (!photo || event.pointerType === "mouse") return
  const timer = setTimeout(() => {
    play(photo)
    // The finger that plays must not open the photo too, nor its menu.
    for (const name of ["click", "contextmenu"]) addEventListener(name, halt, { capture: true })
  }, PRESS)
  const over = () => {
    clearTimeout(timer)
    stop(photo)
    // The click is an event of its own, some time after the finger was lifted.
    setTimeout(() => ["click", "contextmenu"].forEach((name) => removeEventListener(name, halt, { capture: true })), PRESS)
  }
  for (const name of ["pointerup", "pointercancel"]) addEventListener(name, over, { once: true })
}

function halt(event) {
  event.preventDefault()
  event.stopPropagation()
}

function onButton(event) {
  const photo = event.target.closest("[data-live-play]") && document.querySelector(SHOWN)
  if (!photo || event.ctrlKey || event.metaKey || event.shiftKey) return
  event.preventDefault()
  play(photo, { sound: true })
}

function play(photo, { sound = false } = {}) {
  const still = photo?.matches("img") ? photo : photo?.querySelector("img")
  if (!still || still.nextElementSibling?.matches("video")) return
  const video = document.createElement("video")
  Object.assign(video, { src: photo.dataset.live, muted: !sound, playsInline: true })
  video.setAttribute("aria-hidden", "true")
  // In the viewer a picture has its size by script.
  Object.assign(video.style, { width: still.style.width, height: still.style.height })
  video.addEventListener("ended", () => video.remove())
  video.addEventListener("error", () => fail(video, sound))
  still.after(video)
  video.play().catch(() => video.remove())
}

/** Where a browser does not know the codec the still stays; a button that was pressed leads to the page that says so. */
function fail(video, isAsked) {
  video.remove()
  if (isAsked) location.assign(document.querySelector("[data-live-play]:not([inert] *)").href)
}

function stop(photo) {
  if (photo.matches("li")) photo.querySelector("video")?.remove()
}
