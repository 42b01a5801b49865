// The letters of shapes.py, and the ratio that each of them stands for.
const LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopq"
const RATIOS = new Map([...LETTERS].map((letter, step) => [letter, (40 + 5 * step) / 100]))
// What the empty item at the end of a grid grows by, beside a tile of 1:1: see grid.css.
const END = 1e4

export const ratioOf = (letter) => RATIOS.get(letter)

/** The letter of a tile, from the class that gives it its ratio. */
export function letterOf(tile) {
  const percent = Number(/\br(\d+)\b/.exec(tile.className)[1])
  return LETTERS[(percent - 40) / 5]
}

/** How high a grid of these shapes is, in pixels: what flex-wrap does with them, done beforehand. */
export function heightOf(shape, { width, row, gap }) {
  let height = 0
  let [used, ratios, tiles] = [0, 0, 0]
  for (const letter of shape) {
    const ratio = RATIOS.get(letter)
    if (tiles && used + gap + ratio * row > width) {
      height += (width - gap * (tiles - 1)) / ratios + gap
      ;[used, ratios, tiles] = [0, 0, 0]
    }
    used += ratio * row + (tiles ? gap : 0)
    ratios += ratio
    tiles += 1
  }
  if (!tiles) return height
  const left = width - used - gap
  if (left >= 0) return height + row + left / (END + ratios)
  // The empty item does not fit: it stands in a row of its own, and this one is full.
  return height + (width - gap * (tiles - 1)) / ratios + gap
}
