const AHEAD = 3 // tiles on each side that are asked for before PhotoSwipe does
const AGAIN = 2000 // ms until a tile is asked for once more that did not come
const PATIENCE = 60 // ms that the neighbours have before the first photo is shown without them
const isTurned = document.dir === "rtl"

/**
 * The photos of a grid as PhotoSwipe takes them: those whose tiles are far away by their shape alone, until they come.
 *
 * Where one reads from the right, the next photo lies to the left. PhotoSwipe does not know that, so it gets them from the last to the first; all others count as the grid does.
 */
export class Slides {
  #known = new Map()
  #seen = null
  #count // of the grid, as long as the places here are those of then

  constructor(photoswipe, grid) {
    this.photoswipe = photoswipe
    this.grid = grid
    this.#count = grid.count
    photoswipe.addFilter("numItems", () => this.#count)
    photoswipe.addFilter("itemData", (_, index) => this.at(this.turned(index)))
    photoswipe.addFilter("placeholderSrc", (_, { data }) => data.msrc ?? false)
    photoswipe.on("change", () => this.#prime(this.index))
    const look = () => this.#look()
    grid.root.addEventListener("grid:built", look)
    photoswipe.on("destroy", () => grid.root.removeEventListener("grid:built", look))
  }

  /** The place in the grid of what is seen. */
  get index() {
    return this.turned(this.photoswipe.currIndex)
  }

  /** From a place in the grid to PhotoSwipe's, or from that one to this. */
  turned(index) {
    return isTurned ? this.#count - 1 - index : index
  }

  goTo(index) {
    this.photoswipe.goTo(this.turned(index))
  }

  next() {
    this.photoswipe[isTurned ? "prev" : "next"]()
  }

  previous() {
    this.photoswipe[isTurned ? "next" : "prev"]()
  }

  /** The photo that is seen, unless its tile is still to come. */
  get current() {
    return this.#known.get(this.index)
  }

  /** Whether it is the photo that was said to be seen; when the list is built anew, that is another object. */
  isSeen(item) {
    return item?.id === this.#seen
  }

  at(index) {
    return this.#known.get(index) ?? { isToCome: true, width: 2000 * this.grid.ratio(index), height: 2000 }
  }

  /** The tile of a photo, if it is on the page now. */
  tileOf(id) {
    return this.grid.root.querySelector(`.tile[data-id="${CSS.escape(id)}"]`)
  }

  placeOf(id) {
    const tile = this.tileOf(id)
    return tile ? this.grid.indexOf(tile) : -1
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
      if (!item || this.isSeen(item) || this.photoswipe.isDestroying) return
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

  /** Take a photo out that is in this list no more, and show what came after it, unless another is seen by now. */
  async drop(item) {
    const { grid, photoswipe, index } = this
    if (this.isSeen(item) && !photoswipe.isDestroying) await grid.reveal(index)
    const isSeen = this.isSeen(item)
    // The grid drops what it has on the page; all else it finds out by its shape.
    const said = this.tileOf(item.id) ? "grid:gone" : "grid:changed"
    grid.root.dispatchEvent(new CustomEvent(said, { bubbles: true, detail: item.id }))
    // Another viewer may be open by now.
    if (photoswipe.isDestroying) return grid.root.dispatchEvent(new CustomEvent("grid:built"))
    if (said === "grid:changed") return
    if (!grid.count) photoswipe.close()
    else if (isSeen) await this.#turnTo(index)
    else await this.#look()
  }

  /** Show a photo again that has come back into this list, where it was. */
  async bringBack({ id, index }) {
    const { root } = this.grid
    const isBuilt = new Promise((done) => root.addEventListener("grid:built", done, { once: true }))
    root.dispatchEvent(new CustomEvent("grid:changed", { bubbles: true }))
    await isBuilt
    await this.grid.tile(index)
    const place = this.placeOf(id)
    if (place >= 0) await this.#turnTo(place)
  }

  /** The list has changed around the photo that is seen: it has another place in it. */
  #look() {
    const place = this.current ? this.placeOf(this.current.id) : -1
    if (this.photoswipe.isOpen) return this.#turnTo(place < 0 ? this.index : place)
    this.#known.clear()
    this.#count = this.grid.count
  }

  /** Show what is at a place of the grid now, or what is last there. */
  async #turnTo(index) {
    const { photoswipe, grid } = this
    this.#known.clear()
    this.#count = grid.count
    const at = Math.min(index, grid.count - 1)
    const place = this.turned(at)
    photoswipe.currSlide.index = photoswipe.currIndex = photoswipe.potentialIndex = place
    await this.prime(at)
    if (photoswipe.isDestroying || photoswipe.currIndex !== place) return
    photoswipe.contentLoader.destroy()
    for (const step of [-1, 1, 0]) photoswipe.refreshSlideContent(place + step)
  }

  #prime(index) {
    const asked = new Map()
    for (let at = index - AHEAD; at <= index + AHEAD; at++) {
      if (at >= 0 && at < this.grid.count && !this.#known.has(at)) asked.set(at, this.#take(at))
    }
    return asked
  }

  async #take(index) {
    const tile = await this.grid.tile(index).catch(() => null)
    const { contentLoader, isOpen, isDestroying } = this.photoswipe
    if (isDestroying || this.#known.has(index)) return
    if (!tile) return setTimeout(() => this.#prime(this.index), AGAIN)
    this.#known.set(index, itemOf(tile))
    const place = this.turned(index)
    if (isOpen && contentLoader.getContentByIndex(place)) this.photoswipe.refreshSlideContent(place)
  }
}

function itemOf(tile) {
  const link = tile.querySelector("a")
  const image = link.querySelector("img")
  const { id, large, live, plays } = tile.dataset
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
  return { ...item, live, alt: item.title, src, srcset: large, width: pixels, height: Math.round(pixels / ratio) }
}
