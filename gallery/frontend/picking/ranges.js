import { gridOf } from "../grid/grid.js"

const FAR = 6000 // pixels before and behind what is seen: from there on grid/nearness.js takes tiles out, once one has passed them

/** Set all tiles from where one was to another, those too that must be brought in for it; far ones do not stay. */
export async function setRange(picked, from, to, isOn) {
  const grid = gridOf(picked.form)
  const there = new Set(grid.sections.filter(({ isFilled }) => isFilled))
  const ends = [(await bring(grid, from)) ?? to, to].map((tile) => grid.indexOf(tile))
  const [first, last] = ends.sort((one, other) => one - other)
  if (first < 0) return picked.set(to, isOn)
  for (const section of grid.sections) {
    const [start, end] = [first - section.start, last - section.start + 1]
    if (start >= section.count || end <= 0) continue
    await section.fill()
    for (const tile of [...section.tiles].slice(Math.max(start, 0), end)) picked.set(tile, isOn)
    if (!there.has(section) && isFar(section)) section.empty()
  }
}

/** The tile of a photo, brought in if it was taken out of the section where it was. */
async function bring({ root, sections }, { id, element }) {
  const find = () => root.querySelector(`.tile[data-id="${CSS.escape(id)}"]`)
  if (!find()) await sections.find((section) => section.element === element)?.fill()
  return find()
}

function isFar({ element }) {
  const { top, bottom } = element.getBoundingClientRect()
  return bottom < -FAR || top > innerHeight + FAR
}
