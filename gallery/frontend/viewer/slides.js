const AHEAD = 3 // tiles on each side that are asked for before PhotoSwipe does
const PATIENCE = 60 // ms that the neighbours have before the first photo is shown without them

/** The photos of a grid as PhotoSwipe takes them: those whose tiles are far away by their shape alone, until they come. */
export class Slides {
  #known = new Map()
  #seen = null

  constructor(photoswipe, grid) {
    this.photoswipe = photoswipe
    this.grid = grid
    photoswipe.addFilter("numItems", () => grid.count)
    photoswipe.addFilter("itemData", (_, index) => this.at(index))
    photoswipe.addFilter("placeholderSrc", (_, { data }) => data.msrc ?? false)
    photoswipe.on("change", () => this.#prime(photoswipe.currIndex))
  }

  /** The photo that is seen, unless its tile is still to come. */
  get current() {
    return this.#known.get(this.photoswipe.currIndex)
  }

  at(index) {
    return this.#known.get(index) ?? { isToCome: true, width: 2000 * this.grid.ratio(index), height: 2000 }
  }

  /** Make the first photo ready, and its neighbours if that does not take long. */
  async prime(index) {
    const neighbours = this.#prime(index)
    await neighbours.get(index)
    await Promise.race([Promise.all(neighbours.values()), new Promise((done) => setTimeout(done, PATIENCE))])
  }

  /** From here on say which photo is seen, once for each, by the event "seen". */
  begin() {
    const see = () => {
      const item = this.current
      if (!item || item.id === this.#seen) return
      this.#seen = item.id
      this.photoswipe.dispatch("seen", { item })
    }
    this.photoswipe.on("change", see)
    see()
  }

  /** Show a photo anew, from its tile as that is now. */
  async renew(index) {
    this.#known.delete(index)
    await this.#take(index)
  }

  /** Take a photo out that is in this list no more. */
  async drop({ id }) {
    const { grid, photoswipe } = this
    const index = photoswipe.currIndex
    await grid.reveal(index) // the grid drops what it has on the page
    if (index === grid.count - 1) photoswipe.prev()
    for (let known = 0; known <= grid.count; known++) photoswipe.contentLoader.removeByIndex(known)
    grid.root.dispatchEvent(new CustomEvent("grid:gone", { bubbles: true, detail: id }))
    this.#known.clear()
    if (!grid.count) return photoswipe.close()
    await this.prime(photoswipe.currIndex)
    for (const step of [-1, 1, 0]) photoswipe.refreshSlideContent(photoswipe.currIndex + step)
  }

  #prime(index) {
    const asked = new Map()
    for (let at = index - AHEAD; at <= index + AHEAD; at++) {
      if (at >= 0 && at < this.grid.count && !this.#known.has(at)) asked.set(at, this.#take(at))
    }
    return asked
  }

  async #take(index) {
    const tile = await this.grid.tile(index)
    if (!tile || this.#known.has(index)) return
    this.#known.set(index, itemOf(tile))
    const { contentLoader, isOpen, isDestroying } = this.photoswipe
    if (isOpen && !isDestroying && contentLoader.getContentByIndex(index)) this.photoswipe.refreshSlideContent(index)
  }
}

function itemOf(tile) {
  const link = tile.querySelector("a")
  const image = link.querySelector("img")
  const { id, large, plays } = tile.dataset
  const item = {
    id,
    href: link.getAttribute("href"),
    title: image?.alt ?? link.querySelector(".sr").textContent,
    msrc: image && (image.currentSrc || image.src),
    isClear: !tile.dataset.c,
  }
  if (plays || !large) return { ...item, type: "stage" }
  const [src, width] = large.slice(large.lastIndexOf(", ") + 1).trim().split(" ")
  const pixels = Number.parseInt(width)
  const ratio = image.getAttribute("width") / image.getAttribute("height")
  return { ...item, alt: item.title, src, srcset: large, width: pixels, height: Math.round(pixels / ratio) }
}
