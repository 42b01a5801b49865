import { gridOf } from "../grid/grid.js"

/** Set all tiles from one to another, those too that must be brought in for it. */
export async function setRange(picked, from, to, isOn) {
  const grid = gridOf(picked.form)
  const [first, last] = [grid.indexOf(from), grid.indexOf(to)].sort((one, other) => one - other)
  if (first < 0) return picked.set(to, isOn)
  for (let index = first; index <= last; index++) {
    const tile = await grid.tile(index)
    if (tile) picked.set(tile, isOn)
  }
}
