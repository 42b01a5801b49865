/** The list of photos that an element on the page stands in. */
export const gridOf = (element) => new Grid(element.closest("[data-grid]"))

class Grid {
  constructor(root) {
    this.root = root
    root.addEventListener("grid:gone", ({ detail }) => root.querySelector(`.tile[data-id="${CSS.escape(detail)}"]`)?.remove())
  }

  get tiles() {
    return [...this.root.querySelectorAll(".tile")]
  }

  get count() {
    return this.tiles.length
  }

  indexOf(tile) {
    return this.tiles.indexOf(tile)
  }

  ratio(index) {
    return Number.parseFloat(getComputedStyle(this.tiles[index]).getPropertyValue("--r"))
  }

  async tile(index) {
    return this.tiles[index]
  }

  async reveal(index) {
    const tile = this.tiles[index]
    tile?.scrollIntoView({ block: "nearest" })
    return tile
  }
}
