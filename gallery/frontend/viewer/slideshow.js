import { keepAwake } from "./awake.js"

const SECONDS = 5
const FADE = 600 // ms

/** Show one photo after another, until somebody does anything or the last one was seen. */
export function slideshow({ photoswipe, grid, slides, root, details }) {
  const button = root.querySelector("[data-do='slideshow']")
  const said = root.querySelector("[data-said]")
  const isCalm = matchMedia("(prefers-reduced-motion: reduce)")
  let round = null
  let letSleep = null

  // Its own button and keys turn it off themselves.
  const isOwn = (target) => target.closest("[data-do='slideshow']")
  root.addEventListener("pointerdown", ({ target }) => isOwn(target) || stop())
  root.addEventListener("keydown", ({ key, target }) => ["s", "Escape"].includes(key) || (isOwn(target) && [" ", "Enter"].includes(key)) || stop(), { capture: true })
  root.addEventListener("wheel", () => stop(), { capture: true, passive: true })
  photoswipe.on("destroy", stop)

  function turn(isOn) {
    root.classList.toggle("is-playing", isOn)
    button.setAttribute("aria-pressed", isOn)
    said.setAttribute("aria-live", isOn ? "off" : "polite")
  }

  async function start() {
    const mine = (round = Symbol("round"))
    details.close()
    turn(true)
    letSleep = keepAwake()
    while (round === mine) {
      await watched(photoswipe)
      if (round !== mine) return
      if (slides.index >= grid.count - 1) return stop()
      advance()
    }
  }

  function advance() {
    slides.next()
    if (!isCalm.matches) photoswipe.currSlide.container.animate({ opacity: [0, 1] }, FADE)
  }

  /** Returns whether it was running. */
  function stop() {
    if (!round) return false
    round = null
    letSleep()
    turn(false)
    return true
  }

  return { stop, toggle: () => stop() || start() }
}

/** Wait until a photo has been seen for long enough, and what plays to its end. */
async function watched(photoswipe) {
  while (photoswipe.currSlide?.content.isLoading() || photoswipe.currSlide?.data.isToCome) await seconds(0.2)
  const element = photoswipe.currSlide?.content.element
  const media = element?.querySelector?.("video, audio")
  if (media) return played(media)
  await element?.decode?.().catch(() => {})
  await seconds(SECONDS)
  while (document.hidden) await seconds(1)
}

async function played(media) {
  const isOver = new Promise((done) => ["ended", "error", "pause"].forEach((name) => media.addEventListener(name, done)))
  media.currentTime = 0
  const isPlaying = await media.play().then(() => true, () => false)
  await (isPlaying ? isOver : seconds(SECONDS))
}

const seconds = (number) => new Promise((done) => setTimeout(done, 1000 * number))
