import { baseTraits, bareTraits, isMissing, traits } from "./rows.js"

/** A function that finds the row of a chosen file: by its path, else by its name if its folder was entered elsewhere. */
export function matching(rows) {
  const byPath = new Map(rows.map((row) => [traits(row), row]))
  const byName = new Map(rows.filter(isMissing).map((row) => [baseTraits(row), row]))
  const byReceipt = new Map(rows.filter((row) => isMissing(row) && row.modified === null).map((row) => [bareTraits(row), row]))
  return (path, { name, size, lastModified: modified }) => {
    return (
      byPath.get(traits({ path, size, modified })) ??
      byName.get(baseTraits({ name, size, modified })) ??
      byReceipt.get(bareTraits({ name, size }))
    )
  }
}
