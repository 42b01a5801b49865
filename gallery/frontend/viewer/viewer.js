// The viewer: PhotoSwipe over a grid, with what the gallery adds to it. The other modules here each add one thing.
import PhotoSwipe from "photoswipe"
import { sayFailed, tend } from "../behaviours/tend.js"
import { gridOf } from "../grid/grid.js"
import { _ } from "../words/words.js"
import { acts } from "./acts.js"
import { address } from "./address.js"
import { caption } from "./caption.js"
import { chrome } from "./chrome.js"
import { commands } from "./commands.js"
import { details } from "./details.js"
import { holdKeys, keyboard } from "./keyboard.js"
import { listed } from "./listed.js"
import { modal } from "./modal.js"
import { openingFrom, openingOver } from "./opening.js"
import { saying } from "./saying.js"
import { Slides } from "./slides.js"
import { stages } from "./stages.js"
import { styles } from "./styles.js"

const OPTIONS = {
  mainClass: "lightbox",
  loop: false,
  bgOpacity: 1,
  preload: document.dir === "rtl" ? [2, 1] : [1, 2],
  wheelToZoom: true,
  imageClickAction: "zoom",
  secondaryZoomLevel: 1,
  returnFocus: false,
  // All of these are in the page's own template.
  arrowPrev: false,
  arrowNext: false,
  close: false,
  counter: false,
  preloader: false,
  zoom: false,
}

let viewing = null

tend()

/** Show the photo of a link over what that is in: a tile over its grid, or the picture of a page over the page. */
export async function open(link) {
  const page = link.dataset.open && (await listed())
  const tile = page ? page.at !== null && (await page.grid.tile(page.at)) : link.closest(".tile")
  if (!tile) return location.assign(link.href) // it is in this list no more
  await show(tile)
}

async function show(tile, { isInHistory = false } = {}) {
  if (viewing) return
  const { id } = tile.dataset
  const grid = gridOf(tile)
  const photoswipe = (viewing = new PhotoSwipe(OPTIONS))
  const slides = new Slides(photoswipe, grid)
  const viewer = { photoswipe, grid, slides, page: document.querySelector("[data-open]") }
  photoswipe.on("destroy", () => (viewing = null))
  const letKeysGo = holdKeys(viewer)
  address(viewer, isInHistory)
  stages(viewer)
  if (viewer.page) openingOver(viewer)
  else openingFrom(viewer)
  photoswipe.on("afterInit", () => {
    viewer.root = photoswipe.element
    modal(viewer)
    chrome(viewer)
    caption(viewer)
    viewer.acts = acts(viewer)
    viewer.details = details(viewer)
    viewer.slideshow = slideshow(viewer)
    viewer.commands = commands(viewer)
    keyboard(viewer)
    saying(viewer)
    slides.begin()
  })
  await styles()
  let index
  do {
    index = slides.placeOf(id)
    await slides.prime(index)
  } while (slides.placeOf(id) !== index) // the rest of the list has come before it
  photoswipe.options.index = slides.turned(index)
  if (index >= 0) return photoswipe.init()
  viewing = null
  letKeysGo()
  location.assign(tile.querySelector("a").href) // its tile has gone meanwhile
}

/** The slideshow: it is loaded when somebody begins one. */
function slideshow(viewer) {
  let known
  return {
    stop: () => known?.stop(),
    async toggle() {
      const begun = await import("./slideshow.js").catch(() => null)
      if (!begun) return sayFailed(_("The gallery does not answer."))
      known ??= begun.slideshow(viewer)
      if (!viewer.photoswipe.isDestroying) known.toggle()
    },
  }
}

/** Show a photo again that is in the history ahead. */
export async function reopen({ id, index }) {
  if (viewing) return
  const root = document.querySelector("[data-grid]")
  const grid = root ? gridOf(root) : (await listed())?.grid
  const live = root?.querySelector(`.tile[data-id="${CSS.escape(id)}"]`)
  const tile = live ?? (index < grid?.count ? await grid.reveal(index) : null)
  if (tile?.dataset.id === id) await show(tile, { isInHistory: true })
  else location.reload()
}

/** Close it: the history has gone on without it. */
export function leave() {
  // While it opens PhotoSwipe does not close.
  if (viewing?.opener.isOpening) viewing.on("openingAnimationEnd", () => viewing?.close())
  else viewing?.close()
}
